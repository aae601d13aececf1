<?php

declare(strict_types=1);

namespace Muster\Legacy\client\dto;

use Muster\Legacy\internal\Dto;

/** Query of `queryTaskDetails`. */
class QueryTaskDetailsInDTO extends Dto
{
    /** @var string|null */
    public $taskId;
    /** @var string|null */
    public $appId;
    /** @var string|null */
    public $status;
    /** @var int|null */
    public $index;
    /** @var string|null */
    public $nodeId;
    /** @var string|null */
    public $deviceId;
    /** @var string|null */
    public $commandId;
    /** @var int|null */
    public $pageNo;
    /** @var int|null */
    public $pageSize;
}

\class_alias(QueryTaskDetailsInDTO::class, 'North_PHP_SDK\client\dto\QueryTaskDetailsInDTO');
