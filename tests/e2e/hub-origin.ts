/** Where the hub of the tests is: the configuration starts it, and lets this build talk to it. */
export const [hubOrigin = '', cdnOrigin = ''] = (process.env['SOTTO_WEIGHT_HOSTS'] ?? '').split(' ');
