<?php

return [
    'name' => env('APP_NAME', 'Orchard'),
    'locale' => env('APP_LOCALE', 'en'),
    'fallback_locale' => env('APP_FALLBACK_LOCALE', 'en'),
];
