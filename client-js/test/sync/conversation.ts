import { makeStamp, sinceOf } from '../../src/model/index.ts';
import { text } from '../model/vectors.ts';

/** What a client asks, and what it is answered: a problem, nothing because the answer is lost, or else an answer. */
export interface Turn {
  readonly snapshot?: { readonly position: string | null };
  readonly pull?: string;
  readonly push?: object;
  readonly cursor?: string | null;
  readonly answer?: object;
  readonly problem?: object;
  readonly lost?: true;
}

/** Replicas that the client under test is not. */
const OTHERS = { other: '0000000000B0B', third: '0000000000C0C' } as const;

const STAMP = /^@(\d+)(?:\.(\d+))? (\w+)$/;
const TIME = /^@(\d+)$/;
const NAME = /^@(\w+)$/;
const NONCE = /^\$\d+$/;

/** What stands for stamps, replicas and nonces in a conversation. The client's own are known when it first tells them. */
export interface Names {
  own: string | undefined;
  /** The id that the client goes on under if it has a twin. */
  anew: string | undefined;
  /** A part of a conversation as it travels. */
  spoken(part: unknown): unknown;
  /** Whether a message is what a conversation says; a nonce that is named for the first time is any. */
  hears(part: unknown, message: unknown): boolean;
}

export function createNames(epoch: number): Names {
  const nonces = new Map<string, string>();
  const replica = (name: string) =>
    (name === 'own' || name === 'anew' ? names[name] : OTHERS[name as keyof typeof OTHERS]) ?? OTHERS.third;

  function word(part: string): string {
    const stamp = STAMP.exec(part);
    if (stamp !== null) return makeStamp(epoch + Number(stamp[1]), Number(stamp[2] ?? 0), replica(stamp[3] as string));
    const time = TIME.exec(part);
    if (time !== null) return sinceOf(makeStamp(epoch + Number(time[1]), 0, OTHERS.other));
    const name = NAME.exec(part);
    return name !== null ? replica(name[1] as string) : (nonces.get(part) ?? part);
  }

  const names: Names = {
    own: undefined,
    anew: undefined,
    spoken(part) {
      if (typeof part === 'string') return word(part);
      if (Array.isArray(part)) return part.map(names.spoken);
      if (typeof part !== 'object' || part === null) return part;
      return Object.fromEntries(Object.entries(part).map(([key, member]) => [key, names.spoken(member)]));
    },
    hears(part, message) {
      const { nonce } = part as { nonce?: string };
      const told = (message as { nonce?: string }).nonce;
      if (nonce !== undefined && NONCE.test(nonce) && !nonces.has(nonce) && told !== undefined) {
        if ([...nonces.values()].includes(told)) return false; // a nonce is used once
        nonces.set(nonce, told);
      }
      return text(sorted(names.spoken(part))) === text(sorted(message));
    },
  };
  return names;
}

/** A push whose cells stand in the order of their paths, which is not the client's to keep. */
function sorted(push: unknown): unknown {
  const { documents, ...rest } = push as { documents: { cells: [unknown, ...unknown[]][] }[] };
  const inOrder = (cells: [unknown, ...unknown[]][]) =>
    [...cells].sort(([one], [other]) => (text(one) < text(other) ? -1 : 1));
  return { ...rest, documents: documents.map((document) => ({ ...document, cells: inOrder(document.cells) })) };
}
