<?php

declare(strict_types=1);

namespace Muster\Legacy\client\dto;

use Muster\Legacy\internal\Dto;

/** Body of `createBatchTask`; `param` is a DeviceCmd or an array, `tags` a list of TagDTO2, Tag2 or arrays. */
class BatchTaskCreateInDTO extends Dto
{
    /** @var string|null */
    public $appId;
    /** @var string|null */
    public $taskName;
    /** @var string|null */
    public $taskType;
    /** @var int|null */
    public $timeout;
    /** @var DeviceCmd|array<string, mixed>|null */
    public $param;
    /** @var array|null */
    public $tags;
}

\class_alias(BatchTaskCreateInDTO::class, 'North_PHP_SDK\client\dto\BatchTaskCreateInDTO');
