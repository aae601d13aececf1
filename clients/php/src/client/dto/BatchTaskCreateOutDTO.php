<?php

declare(strict_types=1);

namespace Muster\Legacy\client\dto;

use Muster\Legacy\internal\OutDto;

/** Answer of `createBatchTask`. */
class BatchTaskCreateOutDTO extends OutDto
{
    /** @var string|null */
    public $taskID;
}

\class_alias(BatchTaskCreateOutDTO::class, 'North_PHP_SDK\client\dto\BatchTaskCreateOutDTO');
