import { isSealed } from '../shared/domain/lock';
import { seal, unseal } from '../shared/platform/seal';
import { mended } from './mended-tree';
import type { RecordForm } from './record-form';
import type { TableName } from './tables';
import { TransactionHold } from './transaction-hold';
import { originalOf, placeholderFor } from './unreadable';
import type { LivingTransaction, Opener } from './vault';

type WithId = Readonly<Record<string, unknown>> & { readonly id: string };

/** Reads and writes records with the data key. */
export class Sealing implements Opener {
  constructor(
    readonly key: CryptoKey,
    readonly keyId: string,
  ) {}

  formOf(transaction: LivingTransaction, sealed: boolean): RecordForm {
    return new SealedForm(this.key, new TransactionHold(transaction), sealed);
  }
}

class SealedForm implements RecordForm {
  constructor(
    private readonly key: CryptoKey,
    private readonly hold: TransactionHold,
    private readonly seals: boolean,
  ) {}

  async open<Value>(table: TableName, stored: Value | undefined): Promise<Value | undefined> {
    return isSealed(stored) ? this.hold.during(this.#unsealed<Value>(table, stored)) : stored;
  }

  async openAll<Value>(table: TableName, stored: readonly Value[]): Promise<readonly Value[]> {
    if (!stored.some(isSealed)) return stored;
    const opened = await this.hold.during(
      Promise.all(stored.map((value) => (isSealed(value) ? this.#unsealed<Value>(table, value) : value))),
    );
    const shown = opened.filter((value) => value !== undefined);
    return table === 'messages' ? (mended(shown as never) as unknown as readonly Value[]) : shown;
  }

  async close<Value>(table: TableName, value: Value): Promise<Value> {
    // What could not be read is written back as it was: its bytes may still be worth something to somebody.
    const original = originalOf(value);
    if (original) return original as Value;
    if (!this.seals) return value;
    return (await this.hold.during(seal(this.key, table, value as WithId))) as Value;
  }

  async #unsealed<Value>(table: TableName, stored: Parameters<typeof unseal>[2]): Promise<Value | undefined> {
    try {
      return (await unseal(this.key, table, stored)) as Value;
    } catch {
      // One broken record must not hide the others.
      return placeholderFor(table, stored) as Value | undefined;
    }
  }
}
