<?php

declare(strict_types=1);

use Muster\Legacy\client\NorthApiException;

function same(mixed $expected, mixed $actual, string $what = ''): void
{
    if ($expected !== $actual) {
        throw new LogicException("$what\nexpected " . var_export($expected, true) . "\nfound " . var_export($actual, true));
    }
}

/** The exception with which the client refuses the call before anything is sent. */
function refused(string $code, callable $call): NorthApiException
{
    try {
        $call();
    } catch (NorthApiException $refusal) {
        same([$code, -1], [$refusal->error_code, $refusal->httpStatusCode], (string) $refusal);
        return $refusal;
    }
    throw new LogicException("Nothing was refused; expected $code.");
}
