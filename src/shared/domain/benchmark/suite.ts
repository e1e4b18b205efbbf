/** Names and versions by which a result says what it is. The suite is defined in docs/benchmark.md. */

/** Of the definitions: what is measured, and how. Results of another major version are never compared. */
export const suiteVersion = '1.0.0';

export const schemaName = 'sotto-bench';
export const schemaMajor = 1;
/** Of the layout of a result file: `sotto-bench/1.0`. */
export const schemaVersion = `${schemaName}/${schemaMajor}.0`;

export const benchmarkDatabaseName = 'sotto-benchmark';
/** The lock that one tab at a time holds while it measures. */
export const benchmarkLockName = 'sotto-benchmark';
