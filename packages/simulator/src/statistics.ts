/** What a fleet has done since it was made; all counts but `connected` only grow. */
export interface FleetStatistics {
  /** Links that are up now. */
  connected: number;
  connects: number;
  disconnects: number;
  /** CONNACKs with another code than 0. */
  refusals: number;
  versionQueries: number;
  offers: number;
  downloads: number;
  /** Downloads that went on behind what a broken transfer had brought. */
  resumes: number;
  downloadFailures: number;
  downloadedBytes: number;
  upgraded: number;
  upgradeFailures: number;
  commands: number;
  commandsAnswered: number;
  propertyRequests: number;
  messages: number;
  /** Downlinks that no official device library would understand. */
  unknownDownlinks: number;
}

export function createStatistics(): FleetStatistics {
  return {
    connected: 0,
    connects: 0,
    disconnects: 0,
    refusals: 0,
    versionQueries: 0,
    offers: 0,
    downloads: 0,
    resumes: 0,
    downloadFailures: 0,
    downloadedBytes: 0,
    upgraded: 0,
    upgradeFailures: 0,
    commands: 0,
    commandsAnswered: 0,
    propertyRequests: 0,
    messages: 0,
    unknownDownlinks: 0,
  };
}
