<?php

declare(strict_types=1);

namespace Muster\Legacy\internal;

/** What came back. */
final class Reply
{
    public function __construct(public int $status, public string $reason, public string $body)
    {
    }
}
