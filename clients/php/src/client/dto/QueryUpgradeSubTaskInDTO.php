<?php

declare(strict_types=1);

namespace Muster\Legacy\client\dto;

use Muster\Legacy\internal\Dto;

/** Query of `queryUpgradeSubTask`. */
class QueryUpgradeSubTaskInDTO extends Dto
{
    /** @var string|null */
    public $subOperationStatus;
    /** @var int|null */
    public $pageNo;
    /** @var int|null */
    public $pageSize;
}

\class_alias(QueryUpgradeSubTaskInDTO::class, 'North_PHP_SDK\client\dto\QueryUpgradeSubTaskInDTO');
