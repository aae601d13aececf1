<?php

declare(strict_types=1);

namespace Muster\Legacy\client\dto;

use Muster\Legacy\internal\OutDto;

/** Answer of `queryOneTask`; `endTime` and `statusDesc` are additions of Muster. Tags that were asked for are in answer(). */
class QueryOneTaskOutDTO extends OutDto
{
    /** @var string|null */
    public $appId;
    /** @var string|null */
    public $taskId;
    /** @var string|null */
    public $taskName;
    /** @var string|null */
    public $taskType;
    /** @var string|null */
    public $operator;
    /** @var string|null */
    public $taskFrom;
    /** @var string|null */
    public $status;
    /** @var string|null */
    public $startTime;
    /** @var int|null */
    public $timeout;
    /** @var int|null */
    public $totalCnt;
    /** @var int|null */
    public $successCnt;
    /** @var int|null */
    public $failCnt;
    /** @var int|null */
    public $timeoutCnt;
    /** @var int|null */
    public $expiredCnt;
    /** @var int|null */
    public $completeCnt;
    /** @var int|null */
    public $progress;
    /** @var int|null */
    public $successRate;
    /** @var array<string, mixed>|null */
    public $param;
    /** @var string|null */
    public $endTime;
    /** @var string|null */
    public $statusDesc;
}

\class_alias(QueryOneTaskOutDTO::class, 'North_PHP_SDK\client\dto\QueryOneTaskOutDTO');
