import { type ComponentType, lazy } from 'react';

/**
 * A page that is loaded when it is opened or about to be. The router's own way reloads the page when that fails, which ends in
 * the browser's error page while the server is away.
 */
export function lazily(load: () => Promise<{ default: ComponentType }>) {
  const preload = async () => {
    await load();
  };
  return Object.assign(lazy(load), { preload });
}
