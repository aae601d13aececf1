/** Seals what must be readable again (device secrets, secret keys) with the installation's master key. */
export interface SecretBox {
  seal(clear: string): string;
  /** Throws where the text was sealed with another key or was changed. */
  open(sealed: string): string;
  /** The same for bytes. */
  sealBytes(clear: Uint8Array): string;
  openBytes(sealed: string): Buffer;
}
