const origins = (process.env['SOTTO_WEIGHT_HOSTS'] ?? '').split(' ');
/** Tests tell their hub what to do wrong, so those that run at once have one each. */
const first = 2 * Number(process.env['TEST_PARALLEL_INDEX'] ?? 0);

/** Where the hub of this test is: the configuration starts it, and lets this build talk to it. */
export const [hubOrigin = '', cdnOrigin = ''] = origins.slice(first);
