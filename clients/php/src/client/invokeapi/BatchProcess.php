<?php

declare(strict_types=1);

namespace Muster\Legacy\client\invokeapi;

use Muster\Legacy\client\dto\BatchFileListOutDTO;
use Muster\Legacy\client\dto\BatchFileOutDTO;
use Muster\Legacy\client\dto\BatchTaskCreateOutDTO;
use Muster\Legacy\client\dto\QueryOneTaskOutDTO;
use Muster\Legacy\client\dto\QueryTaskDetailsOutDTO;
use Muster\Legacy\client\dto\QueryTaskListOutDTO;
use Muster\Legacy\internal\Calls;
use Muster\Legacy\internal\Checks;
use Muster\Legacy\internal\ClientProblem;
use Muster\Legacy\internal\Encoding;
use Muster\Legacy\internal\Request;

/** Batch tasks. */
class BatchProcess extends Calls
{
    private const ROOT = '/iocm/app/batchtask/v1.1.0';

    /** @param \Muster\Legacy\client\dto\BatchTaskCreateInDTO|array<string, mixed> $btcInDTO */
    public function createBatchTask($btcInDTO, $accessToken): ?BatchTaskCreateOutDTO
    {
        Checks::input(['btcInDTO' => $btcInDTO]);
        return $this->ask(Request::json(self::ROOT . '/tasks', $btcInDTO), $accessToken, BatchTaskCreateOutDTO::class);
    }

    /**
     * @param string $taskId
     * @param string|null $select `tag` for the tags, which are in the DTO's answer()
     * @param string|null $appId another application that has authorised this one
     */
    public function queryOneTask($taskId, $select, $appId, $accessToken): ?QueryOneTaskOutDTO
    {
        $target = self::taskPath($taskId) . Encoding::query(['appId' => $appId, 'select' => $select]);
        return $this->ask(new Request('GET', $target), $accessToken, QueryOneTaskOutDTO::class);
    }

    /**
     * The sub-tasks; without pageNo all of them.
     *
     * @param \Muster\Legacy\client\dto\QueryTaskDetailsInDTO|array<string, mixed> $qtdInDTO with taskId
     */
    public function queryTaskDetails($qtdInDTO, $accessToken): ?QueryTaskDetailsOutDTO
    {
        Checks::input(['qtdInDTO' => $qtdInDTO, 'taskId' => Encoding::membersOf($qtdInDTO)['taskId'] ?? null]);
        $request = new Request('GET', self::ROOT . '/taskDetails' . Encoding::query($qtdInDTO));
        return $this->ask($request, $accessToken, QueryTaskDetailsOutDTO::class);
    }

    // What follows is not in the original client: it needs Muster.

    /**
     * The application's tasks, newest first. Muster only.
     *
     * @param \Muster\Legacy\client\dto\QueryTaskListInDTO|array<string, mixed>|null $qtlInDTO
     */
    public function queryTaskList($qtlInDTO, $accessToken): ?QueryTaskListOutDTO
    {
        $request = new Request('GET', self::ROOT . '/tasks' . Encoding::query($qtlInDTO));
        return $this->ask($request, $accessToken, QueryTaskListOutDTO::class);
    }

    /** What has not begun, or awaits an answer, ends as failed. Muster only. */
    public function stopTask($taskId, $appId, $accessToken): void
    {
        $target = self::taskPath($taskId) . '/stop' . Encoding::query(['appId' => $appId]);
        $this->call(new Request('POST', $target), $accessToken);
    }

    /** A finished task; its name is free again. Muster only. */
    public function deleteTask($taskId, $appId, $accessToken): void
    {
        $target = self::taskPath($taskId) . Encoding::query(['appId' => $appId]);
        $this->call(new Request('DELETE', $target), $accessToken);
    }

    /** An .xlsx or .csv file for the types that work on one; its `fileId` goes into `param`. Muster only. */
    public function uploadBatchFile($path, $accessToken): ?BatchFileOutDTO
    {
        Checks::input(['path' => $path]);
        if (!is_file($path) || !is_readable($path)) {
            throw ClientProblem::of(ClientProblem::BEFORE_CALL, "$path cannot be read.");
        }
        $parts = ['file' => new \CURLFile($path, 'application/octet-stream', basename($path))];
        return $this->ask(new Request('POST', self::ROOT . '/files', [], $parts), $accessToken, BatchFileOutDTO::class);
    }

    /** The uploaded files. Muster only. */
    public function queryBatchFileList($accessToken): ?BatchFileListOutDTO
    {
        return $this->ask(new Request('GET', self::ROOT . '/files'), $accessToken, BatchFileListOutDTO::class);
    }

    /** Muster only. */
    public function deleteBatchFile($fileId, $accessToken): void
    {
        Checks::input(['fileId' => $fileId]);
        $this->call(new Request('DELETE', self::ROOT . '/files/' . Encoding::segment($fileId)), $accessToken);
    }

    private static function taskPath(mixed $taskId): string
    {
        Checks::input(['taskId' => $taskId]);
        return self::ROOT . '/tasks/' . Encoding::segment($taskId);
    }
}

\class_alias(BatchProcess::class, 'North_PHP_SDK\client\invokeapi\BatchProcess');
