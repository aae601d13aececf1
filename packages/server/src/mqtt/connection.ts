import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { Timer } from '../ports/clock.ts';
import { FrameReader, type HeaderCheck } from './codec/frame-reader.ts';
import { checkFirstHeader, checkHeader, packetType } from './codec/frame-rules.ts';
import type { GatewayContext } from './gateway-context.ts';
import { PacketOutput } from './packet-output.ts';
import { onConnect } from './packets/connect.ts';
import { onDisconnect } from './packets/disconnect.ts';
import { onPingreq } from './packets/pingreq.ts';
import { onPuback } from './packets/puback.ts';
import { onPublish } from './packets/publish.ts';
import { onSubscribe } from './packets/subscribe.ts';
import { onUnsubscribe } from './packets/unsubscribe.ts';
import { connackCodes, type EndReason, type RefusalReason } from './reasons.ts';
import type { MqttSession, PacketLink } from './session.ts';
import { UplinkBucket } from './uplink-bucket.ts';
import { UplinkQueue, type UplinkQueueOwner } from './uplink-queue.ts';

/** `closing`: nothing more is read or sent, the peer has a moment to take the last packet. */
type Phase = 'opened' | 'signing-in' | 'active' | 'closing' | 'closed';

/** Why the socket is not read; several may hold at once. */
const pause = { signIn: 1, rate: 2, uplinks: 4 } as const;
type Pause = (typeof pause)[keyof typeof pause];

/** One socket: bytes into packets and back, the order of the phases, and every reason not to read on. */
export class Connection implements PacketLink, UplinkQueueOwner, HeaderCheck<EndReason> {
  readonly context: GatewayContext;
  readonly secure: boolean;
  readonly remoteAddress: string;
  readonly #socket: Socket;
  readonly #reader = new FrameReader<EndReason>('malformed');
  readonly #output: PacketOutput;
  #phase: Phase = 'opened';
  /** When the phase began; in `active` the time of the last packet, moved on by every pause. */
  #sinceMs: number;
  #pauses = 0;
  #pausedAtMs = 0;
  #keepaliveMs = 0;
  #session: MqttSession | undefined;
  #bucket: UplinkBucket | undefined;
  #uplinks: UplinkQueue | undefined;
  #rateTimer: Timer | undefined;

  constructor(context: GatewayContext, socket: Socket, secure: boolean) {
    this.context = context;
    this.secure = secure;
    this.remoteAddress = socket.remoteAddress ?? '';
    this.#socket = socket;
    this.#output = new PacketOutput(socket, context.flushQueue);
    this.#sinceMs = context.clock.now();
    socket.on('data', (chunk: Buffer) => this.#onData(chunk));
    // Always followed by `close`; the peer's resets are no news.
    socket.on('error', () => undefined);
    socket.on('close', () => this.#onSocketClosed());
  }

  get isOpen(): boolean {
    return this.#phase === 'active';
  }

  get isSigningIn(): boolean {
    return this.#phase === 'signing-in';
  }

  /** True until it is accepted: what the gateway's limit of pending connections counts. */
  get isPending(): boolean {
    return this.#session === undefined;
  }

  get clientCertificate(): Buffer | undefined {
    return this.#socket instanceof TLSSocket ? this.#socket.getPeerX509Certificate()?.raw : undefined;
  }

  get unsentBytes(): number {
    return this.#output.unsentBytes;
  }

  checkHeader(firstByte: number, remainingLength: number): EndReason | undefined {
    const check = this.#phase === 'opened' ? checkFirstHeader : checkHeader;
    return check(firstByte, remainingLength, this.context.limits);
  }

  /** CONNECT is complete and well-formed: nothing more is read until it is answered. */
  startSignIn(): void {
    this.#phase = 'signing-in';
    this.#sinceMs = this.context.clock.now();
    this.#pause(pause.signIn);
  }

  /** Answers CONNECT with its refusal and closes (device 1.4). */
  refuse(reason: RefusalReason): void {
    if (this.#phase !== 'opened' && this.#phase !== 'signing-in') return;
    this.context.counters.refused(reason);
    this.#output.push(this.context.codec.encodeConnack(connackCodes[reason]));
    this.closeGently('refused');
  }

  /** CONNACK 0. `keepaliveSeconds` as the device asked for. */
  activate(session: MqttSession, keepaliveSeconds: number): void {
    this.#phase = 'active';
    this.#session = session;
    this.#keepaliveMs = keepaliveSeconds * 1500;
    this.#output.push(this.context.codec.encodeConnack(0));
    this.context.onActivated(session);
    this.#resume(pause.signIn);
    this.#sinceMs = this.context.clock.now();
  }

  send(packet: Buffer): boolean {
    if (!this.isOpen) return false;
    this.#output.push(packet);
    if (this.#output.unsentBytes <= this.context.limits.downlinkBytesUnsentMax) return true;
    this.close('slow-reader');
    return false;
  }

  sendPuback(packetId: number): void {
    this.send(this.context.codec.encodePuback(packetId));
  }

  /** Hands over one uplink; 0 is the packet id of QoS 0. */
  pushUplink(packetId: number, bytes: number, effect: Promise<void>): void {
    this.#uplinks ??= new UplinkQueue(this, this.context.limits);
    this.#uplinks.push(packetId, bytes, effect);
    if (this.#uplinks.isFull) this.#pause(pause.uplinks);
  }

  /** Acknowledges an uplink without effect, when its turn comes. */
  pushDroppedUplink(packetId: number): void {
    if (this.#uplinks) this.#uplinks.pushDropped(packetId);
    else if (packetId > 0) this.sendPuback(packetId);
  }

  onUplinkRoom(): void {
    this.#resume(pause.uplinks);
  }

  onUplinkFailed(cause: unknown): void {
    if (!this.isOpen) return;
    this.context.log.warn({ err: cause, deviceId: this.#session?.device.deviceId }, 'an uplink took no effect');
    this.close('uplink-failed');
  }

  /** Ends the session and drops the socket at once, whatever is unsent. */
  close(reason: EndReason): void {
    if (this.#phase === 'closed') return;
    this.#end(reason, 'closed');
    this.#output.clear();
    this.#socket.destroy();
  }

  /** Ends the session; what is unsent may still leave. What the peer sends is read and thrown away: unread it would reset the
   * connection, and the peer would lose its CONNACK. */
  closeGently(reason: EndReason): void {
    if (this.#phase === 'closing' || this.#phase === 'closed') return;
    this.#end(reason, 'closing');
    this.#output.flush();
    this.#socket.end();
    this.#socket.resume();
  }

  /** Called now and then: closes what has been silent for too long. */
  sweep(nowMs: number): void {
    const { connectTimeoutSeconds, refusalLingerSeconds } = this.context.limits;
    const elapsedMs = nowMs - this.#sinceMs;
    if (this.#phase === 'active') {
      // device 2: while we do not read, the keepalive clock stands still.
      if (this.#pauses === 0 && elapsedMs >= this.#keepaliveMs) this.close('keepalive-timeout');
    } else if (this.#phase === 'closing') {
      if (elapsedMs >= refusalLingerSeconds * 1000) this.close('refused');
    } else if (elapsedMs >= connectTimeoutSeconds * 1000) {
      if (this.#phase === 'opened') this.close('connect-timeout');
      else this.refuse('server-unavailable');
    }
  }

  #onData(chunk: Buffer): void {
    if (this.#phase === 'closing' || this.#phase === 'closed') return;
    if (this.#phase === 'active') {
      this.#bucket ??= new UplinkBucket(this.context.limits, this.context.clock.now());
      this.#bucket.takeBytes(chunk.length);
    }
    this.#reader.feed(chunk);
    this.#pump();
    this.#payRate();
  }

  #pump(): void {
    while (this.#pauses === 0 && (this.#phase === 'active' || this.#phase === 'opened')) {
      const frame = this.#reader.next(this);
      if (frame === undefined) return;
      if (typeof frame === 'string') {
        this.close(frame);
        return;
      }
      this.#onFrame(frame);
    }
  }

  #onFrame(frame: Buffer): void {
    const session = this.#session;
    if (!session) {
      onConnect(this, frame);
      return;
    }
    this.#sinceMs = this.context.clock.now();
    const isFree = this.#onSessionFrame(session, frame);
    if (isFree) return;
    this.#bucket ??= new UplinkBucket(this.context.limits, this.#sinceMs);
    this.#bucket.takeMessage();
    this.#payRate();
  }

  /** True if the packet costs nothing of the uplink rate. */
  #onSessionFrame(session: MqttSession, frame: Buffer): boolean {
    switch ((frame[0] ?? 0) >> 4) {
      case packetType.publish:
        onPublish(this, session, frame);
        return false;
      case packetType.puback:
        // Answers to downlinks come as fast as those; made-up ones are a flood like any other.
        return onPuback(this, session, frame);
      case packetType.subscribe:
        onSubscribe(this, session, frame);
        return false;
      case packetType.unsubscribe:
        onUnsubscribe(this, session, frame);
        return false;
      case packetType.pingreq:
        onPingreq(this);
        return false;
      default:
        // The header check lets only DISCONNECT through besides.
        onDisconnect(this);
        return true;
    }
  }

  /** Stops reading while the bucket is empty (device 2, rate). */
  #payRate(): void {
    if (!this.isOpen || !this.#bucket?.isLow || (this.#pauses & pause.rate) !== 0) return;
    const waitMs = this.#bucket.waitMs(this.context.clock.now());
    if (waitMs === 0) return;
    this.#pause(pause.rate);
    this.#waitForRate(waitMs);
  }

  #waitForRate(waitMs: number): void {
    const { clock, limits } = this.context;
    this.#rateTimer = clock.setTimer(Math.max(waitMs, limits.uplinkPauseMinMilliseconds), () => {
      const restMs = this.#bucket?.waitMs(clock.now()) ?? 0;
      if (restMs > 0) this.#waitForRate(restMs);
      else this.#resume(pause.rate);
    });
  }

  #pause(why: Pause): void {
    if (this.#pauses === 0) {
      this.#pausedAtMs = this.context.clock.now();
      this.#socket.pause();
    }
    this.#pauses |= why;
  }

  #resume(why: Pause): void {
    if ((this.#pauses & why) === 0) return;
    this.#pauses &= ~why;
    if (this.#pauses !== 0) return;
    this.#sinceMs += this.context.clock.now() - this.#pausedAtMs;
    this.#pump();
    if (this.#pauses === 0 && this.isOpen) this.#socket.resume();
  }

  #end(reason: EndReason, phase: 'closing' | 'closed'): void {
    const wasEnded = this.#phase === 'closing';
    this.#phase = phase;
    if (wasEnded) return;
    this.#sinceMs = this.context.clock.now();
    this.#rateTimer?.cancel();
    this.context.counters.closed(reason);
    if (!this.#session) return;
    this.context.onEnded(this.#session, reason);
  }

  #onSocketClosed(): void {
    this.close('peer-closed');
    this.context.onSocketClosed(this);
  }
}
