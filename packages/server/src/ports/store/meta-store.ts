/** What an installation is to know of itself, said once. */
export interface MetaStore {
  /** The value of the key: this one where it had none. Whoever comes first decides, on however many nodes. */
  claim(key: 'package-folder' | 'master-key', value: string): Promise<string>;
}
