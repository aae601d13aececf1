<?php

declare(strict_types=1);

namespace Muster\Legacy\client\dto;

use Muster\Legacy\internal\OutDto;

/** Answer of `queryTaskDetails`. */
class QueryTaskDetailsOutDTO extends OutDto
{
    /** @var int|null */
    public $pageNo;
    /** @var int|null */
    public $pageSize;
    /** @var int|null */
    public $totalCount;
    /** @var array|null */
    public $taskDetails;
}

\class_alias(QueryTaskDetailsOutDTO::class, 'North_PHP_SDK\client\dto\QueryTaskDetailsOutDTO');
