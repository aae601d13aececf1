<?php

declare(strict_types=1);

namespace Muster\Legacy\client\dto;

use Muster\Legacy\internal\Dto;

/** A sub-task; `output` and `error` are null or a JSON text. */
class QueryTaskDetailDTOCloud2NA extends Dto
{
    /** @var string|null */
    public $status;
    /** @var string|null */
    public $output;
    /** @var string|null */
    public $error;
    /** @var array<string, mixed>|null */
    public $param;
}

\class_alias(QueryTaskDetailDTOCloud2NA::class, 'North_PHP_SDK\client\dto\QueryTaskDetailDTOCloud2NA');
