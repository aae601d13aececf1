<?php

declare(strict_types=1);

/*
 * Runs the tests beside it: `php tests/run.php`. Each *-test.php returns its tests by name. Ends with 1 if any failed.
 */

require __DIR__ . '/../autoload.php';
require __DIR__ . '/assertions.php';

error_reporting(E_ALL);
set_error_handler(static function (int $level, string $message, string $file, int $line): bool {
    throw new ErrorException($message, 0, $level, $file, $line);
});

$passed = 0;
$failed = 0;
foreach (glob(__DIR__ . '/*-test.php') ?: [] as $file) {
    foreach (require $file as $name => $test) {
        try {
            $test();
            $passed++;
        } catch (Throwable $error) {
            $failed++;
            echo "FAILED $name\n", get_class($error), ': ', $error->getMessage(), "\n", $error->getTraceAsString(), "\n";
        }
    }
}
echo "$passed passed, $failed failed\n";
exit($failed === 0 && $passed > 0 ? 0 : 1);
