<?php

declare(strict_types=1);

namespace Muster\Legacy\client\dto;

use Muster\Legacy\internal\Dto;

/** Query of `queryTaskList`. An addition of Muster. */
class QueryTaskListInDTO extends Dto
{
    /** @var string|null */
    public $appId;
    /** @var string|null */
    public $taskType;
    /** @var string|null */
    public $status;
    /** @var string|null */
    public $taskName;
    /** @var int|null */
    public $pageNo;
    /** @var int|null */
    public $pageSize;
}

\class_alias(QueryTaskListInDTO::class, 'North_PHP_SDK\client\dto\QueryTaskListInDTO');
