/**
 * For a promise whose failure somebody else is told: when a transaction ends badly, as when the browser's data is deleted under an
 * open page, each of its requests and its `done` fail. One of them is waited for; the others would be uncaught errors.
 */
export const toldElsewhere = (promise: Promise<unknown>): void => void promise.catch(() => {});
