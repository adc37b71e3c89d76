<?php

return [

    'accepted' => 'The :attribute field must be accepted.',
    'between' => [
        'array' => 'The :attribute field must have between :min and :max items.',
        'string' => 'The :attribute field must be between :min and :max characters.',
    ],
    'custom' => [
        'attribute-name' => [
            'rule-name' => 'custom-message',
        ],
    ],
    'attributes' => [],

];
