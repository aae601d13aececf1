<?php

declare(strict_types=1);

namespace Muster\Legacy\client\dto;

use Muster\Legacy\internal\OutDto;

/** Answer of `queryTaskList`. An addition of Muster. */
class QueryTaskListOutDTO extends OutDto
{
    /** @var int|null */
    public $totalCount;
    /** @var int|null */
    public $pageNo;
    /** @var int|null */
    public $pageSize;
    /** @var array|null */
    public $tasks;
}

\class_alias(QueryTaskListOutDTO::class, 'North_PHP_SDK\client\dto\QueryTaskListOutDTO');
