<?php
// Loads files as PHP does: a list of requests on stdin, one answer each on stdout.
error_reporting(E_ERROR);
@include_once '/usr/share/php/Symfony/Component/Config/autoload.php';
@include_once '/usr/share/php/Symfony/Component/Translation/autoload.php';

function leaves(mixed $value): Generator
{
    if (is_string($value)) {
        yield $value;
    } elseif (is_array($value)) {
        foreach ($value as $inner) {
            yield from leaves($inner);
        }
    }
}

// Whether a file does nothing but return texts: no other is run.
function isPlain(string $path): bool
{
    $taken = [T_OPEN_TAG, T_INLINE_HTML, T_WHITESPACE, T_COMMENT, T_DOC_COMMENT, T_RETURN, T_ARRAY, T_DOUBLE_ARROW, T_DECLARE,
        T_CONSTANT_ENCAPSED_STRING, T_LNUMBER, T_DNUMBER, T_CLOSE_TAG, T_START_HEREDOC, T_END_HEREDOC, T_ENCAPSED_AND_WHITESPACE];
    $words = ['true', 'false', 'null', 'strict_types'];
    foreach (PhpToken::tokenize(file_get_contents($path)) as $token) {
        $sign = in_array($token->text, ['[', ']', '(', ')', ',', ';', '.', '='], true);
        if (!$sign && !$token->is($taken) && !in_array(strtolower($token->text), $words, true)) {
            return false;
        }
    }
    return true;
}

function answer(array $request): array
{
    if ($request['judge'] === 'symfony') {
        $loader = new Symfony\Component\Translation\Loader\XliffFileLoader();
        $catalogue = $loader->load($request['path'], str_replace('-', '_', $request['locale']), 'messages');
        return ['texts' => array_values($catalogue->all('messages'))];
    }
    if (!isPlain($request['path'])) {
        throw new RuntimeException('computes');
    }
    $found = (static fn (string $path) => include $path)($request['path']);
    if (!is_array($found)) {
        throw new RuntimeException('returns no array');
    }
    return ['texts' => iterator_to_array(leaves($found), false)];
}

ob_start();
$answers = [];
foreach (json_decode(stream_get_contents(STDIN), true) as $request) {
    try {
        $answers[] = answer($request);
    } catch (Throwable $error) {
        $answers[] = ['error' => mb_substr($error->getMessage(), 0, 300) ?: 'refused'];
    }
}
ob_end_clean();
echo json_encode($answers, JSON_THROW_ON_ERROR | JSON_INVALID_UTF8_SUBSTITUTE);
