<?php

declare(strict_types=1);

namespace Muster\Legacy\client\dto;

use Muster\Legacy\internal\OutDto;

/** Answer of `uploadBatchFile`. An addition of Muster. */
class BatchFileOutDTO extends OutDto
{
    /** @var string|null */
    public $fileId;
    /** @var string|null */
    public $fileName;
    /** @var string|null */
    public $uploadTime;
}

\class_alias(BatchFileOutDTO::class, 'North_PHP_SDK\client\dto\BatchFileOutDTO');
