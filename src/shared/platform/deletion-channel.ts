/** Told to all threads when everything is being deleted: nobody may write any more. */
export const deletionChannelName = 'sotto-deletion';
