import type { Application } from '@muster/contract/v5';
import type { App } from '../../../domain/app.ts';
import { toBasicTime } from '../../../domain/time.ts';

export function encodeApp(app: App): Application {
  return {
    app_id: app.appId,
    app_name: app.name,
    create_time: toBasicTime(app.createdAt),
    default_app: app.isDefault,
  };
}
