<?php

declare(strict_types=1);

namespace Muster\Legacy\client\invokeapi;

use Muster\Legacy\client\dto\CreateUpgradeTaskOutDTO;
use Muster\Legacy\client\dto\QueryUpgradePackageListOutDTO;
use Muster\Legacy\client\dto\QueryUpgradePackageOutDTO;
use Muster\Legacy\client\dto\QueryUpgradeSubTaskOutDTO;
use Muster\Legacy\client\dto\QueryUpgradeTaskListOutDTO;
use Muster\Legacy\client\dto\QueryUpgradeTaskOutDTO;
use Muster\Legacy\internal\Calls;
use Muster\Legacy\internal\Checks;
use Muster\Legacy\internal\Encoding;
use Muster\Legacy\internal\Request;

/** Upgrade packages and upgrades. */
class DeviceUpgrade extends Calls
{
    private const ROOT = '/iodm/northbound/v1.5.0';

    /** @param \Muster\Legacy\client\dto\QueryUpgradePackageListInDTO|array<string, mixed>|null $quplInDTO */
    public function queryUpgradePackageList($quplInDTO, $accessToken): ?QueryUpgradePackageListOutDTO
    {
        $request = new Request('GET', self::ROOT . '/category' . Encoding::query($quplInDTO));
        return $this->ask($request, $accessToken, QueryUpgradePackageListOutDTO::class);
    }

    public function queryUpgradePackage($fileId, $accessToken): ?QueryUpgradePackageOutDTO
    {
        return $this->ask(new Request('GET', self::packagePath($fileId)), $accessToken, QueryUpgradePackageOutDTO::class);
    }

    public function deleteUpgradePackage($fileId, $accessToken): void
    {
        $this->call(new Request('DELETE', self::packagePath($fileId)), $accessToken);
    }

    /** @param \Muster\Legacy\client\dto\CreateUpgradeTaskInDTO|array<string, mixed> $cutInDTO */
    public function createSoftwareUpgradeTask($cutInDTO, $accessToken): ?CreateUpgradeTaskOutDTO
    {
        return $this->create('softwareUpgrade', $cutInDTO, $accessToken);
    }

    /** @param \Muster\Legacy\client\dto\CreateUpgradeTaskInDTO|array<string, mixed> $cutInDTO */
    public function createFirmwareUpgradeTask($cutInDTO, $accessToken): ?CreateUpgradeTaskOutDTO
    {
        return $this->create('firmwareUpgrade', $cutInDTO, $accessToken);
    }

    public function queryUpgradeTask($operationId, $accessToken): ?QueryUpgradeTaskOutDTO
    {
        $request = new Request('GET', self::operationPath($operationId));
        return $this->ask($request, $accessToken, QueryUpgradeTaskOutDTO::class);
    }

    /**
     * The sub-operations; without pageNo all of them.
     *
     * @param \Muster\Legacy\client\dto\QueryUpgradeSubTaskInDTO|array<string, mixed>|null $qustInDTO
     */
    public function queryUpgradeSubTask($qustInDTO, $operationId, $accessToken): ?QueryUpgradeSubTaskOutDTO
    {
        $target = self::operationPath($operationId) . '/subOperations' . Encoding::query($qustInDTO);
        return $this->ask(new Request('GET', $target), $accessToken, QueryUpgradeSubTaskOutDTO::class);
    }

    /** @param \Muster\Legacy\client\dto\QueryUpgradeTaskListInDTO|array<string, mixed>|null $qutlInDTO */
    public function queryUpgradeTaskList($qutlInDTO, $accessToken): ?QueryUpgradeTaskListOutDTO
    {
        $request = new Request('GET', self::ROOT . '/operations' . Encoding::query($qutlInDTO));
        return $this->ask($request, $accessToken, QueryUpgradeTaskListOutDTO::class);
    }

    // What follows is not in the original client: it needs Muster.

    /** Unfinished sub-operations become stop. Muster only. */
    public function stopUpgradeTask($operationId, $accessToken): void
    {
        $this->call(new Request('POST', self::operationPath($operationId) . '/stop'), $accessToken);
    }

    /** A finished one. Muster only. */
    public function deleteUpgradeTask($operationId, $accessToken): void
    {
        $this->call(new Request('DELETE', self::operationPath($operationId)), $accessToken);
    }

    private function create(string $kind, mixed $cutInDTO, mixed $accessToken): ?CreateUpgradeTaskOutDTO
    {
        Checks::input(['cutInDTO' => $cutInDTO]);
        $request = Request::json(self::ROOT . "/operations/$kind", $cutInDTO);
        return $this->ask($request, $accessToken, CreateUpgradeTaskOutDTO::class);
    }

    private static function packagePath(mixed $fileId): string
    {
        Checks::input(['fileId' => $fileId]);
        return self::ROOT . '/category/' . Encoding::segment($fileId);
    }

    private static function operationPath(mixed $operationId): string
    {
        Checks::input(['operationId' => $operationId]);
        return self::ROOT . '/operations/' . Encoding::segment($operationId);
    }
}

\class_alias(DeviceUpgrade::class, 'North_PHP_SDK\client\invokeapi\DeviceUpgrade');
