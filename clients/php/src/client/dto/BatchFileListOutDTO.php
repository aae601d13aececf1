<?php

declare(strict_types=1);

namespace Muster\Legacy\client\dto;

use Muster\Legacy\internal\OutDto;

/** Answer of `queryBatchFileList`. An addition of Muster. */
class BatchFileListOutDTO extends OutDto
{
    /** @var int|null */
    public $totalCount;
    /** @var array|null */
    public $files;
}

\class_alias(BatchFileListOutDTO::class, 'North_PHP_SDK\client\dto\BatchFileListOutDTO');
