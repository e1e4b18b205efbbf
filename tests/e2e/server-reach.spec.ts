/** Whether a server is there that lets no page in, or none at all: what to do about it is not the same. */
import { startModelServer } from '../fixtures/model-server/model-server';
import { everywhere, expect, test } from './test';

for (const isThere of [true, false])
  test(
    isThere
      ? 'a server that lets no page in is known to be there'
      : 'a server that is not there is not said to be shut',
    everywhere,
    async ({ page, sotto, watched, engine }) => {
      const server = await startModelServer({ kind: 'ollama', origins: [] });
      if (!isThere) await server.close();
      try {
        await sotto.open('Models');
        await sotto.button('Add a server', page.getByRole('region', { name: 'Servers of your own' })).click();
        const dialog = page.getByRole('dialog', { name: 'Add a server' });
        await dialog.getByRole('textbox', { name: 'Address' }).fill(server.origin);
        await sotto.button('Check the connection', dialog).click();
        const alert = dialog.getByRole('alert');
        // The worker that can tell needs a policy that WebKit does not know; there, both are named.
        if (engine === 'webkit') await expect(alert).toContainText('couldn’t be read');
        else if (isThere) await expect(alert).toContainText('doesn’t let this page in');
        else await expect(alert).not.toContainText('doesn’t let this page in');
      } finally {
        if (isThere) await server.close();
      }
      // The browser itself says on the console what it has withheld.
      watched.forgive(/CORS|Cross-Origin|access control|ERR_|403|Failed to load|Could not connect/i);
    },
  );
