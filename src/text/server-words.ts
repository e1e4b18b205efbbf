/** Where the words go that are put to a server, as it stands wherever one is chosen or about to be asked. */
import { placeOf, shortAddress, type ServerPlace } from '../shared/domain/server';
import { m } from './paraglide/messages.js';

const places: Readonly<Record<ServerPlace, () => string>> = {
  here: m.server_place_here,
  'same-host': m.server_place_same_host,
  network: m.server_place_network,
  internet: m.server_place_internet,
};

const notices: Readonly<Record<ServerPlace, (inputs: { address: string }) => string>> = {
  here: m.server_notice_here,
  'same-host': m.server_notice_same_host,
  network: m.server_notice_network,
  internet: m.server_notice_internet,
};

/** Where a server is, as far as its address tells: "on this computer". */
export const placeText = (address: string): string => places[placeOf(address, location.origin)]();

/** "on this computer · localhost:11434" */
export const serverBadge = (address: string): string => `${placeText(address)} · ${shortAddress(address)}`;

/** What is said before a message is sent. */
export const serverNotice = (address: string): string =>
  notices[placeOf(address, location.origin)]({ address: shortAddress(address) });
