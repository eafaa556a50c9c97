// Saying hello at a run's door: the client's half of one connection.
import type { Event } from "#base/emitter";
import { ChannelClosed, openChannel, type Channel } from "#protocol/channel";
import {
  doorProtocol,
  type ClientSide,
  type ClientTells,
  type TrainerSide,
  type TrainerStatus,
} from "#protocol/doorApi";
import { programVersion } from "#protocol/version";
import { connectDoor } from "#node/door";

/** One connection that was let in. */
export interface DoorClient {
  readonly channel: Channel<TrainerSide>;
  readonly status: TrainerStatus;
  readonly onClose: Event<string>;
}

const helloLimitMs = 10_000;

/**
 * Connects to a run and says hello; undefined when no trainer answers there with the run's token.
 * A trainer that refuses us (another protocol) is an error with its sentence.
 */
export async function enterDoor(runDir: string, tells: ClientTells): Promise<DoorClient | undefined> {
  const connection = await connectDoor(runDir);
  if (!connection) return undefined;
  const { pipe, token } = connection;
  const channel = openChannel<ClientSide, TrainerSide>(pipe, { asks: {}, tells });
  const late = setTimeout(() => pipe.dispose(), helloLimitMs);
  try {
    const status = await channel.ask.hello({ protocol: doorProtocol, version: programVersion, token });
    return { channel, status, onClose: channel.onClose };
  } catch (error) {
    channel.dispose();
    if (error instanceof ChannelClosed) return undefined;
    throw error;
  } finally {
    clearTimeout(late);
  }
}
