/** What the menu beside the message box shows: everything there is, or the choices of one entry. */
export type MenuPage = 'all' | 'persona' | 'thinking' | 'documents';
