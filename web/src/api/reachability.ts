// Whether the server answers. When it does not, it is asked every two seconds, and whoever listens is told when it is back.
type Listener = (isReachable: boolean) => void;

const PAUSE_MS = 2000;
const listeners = new Set<Listener>();
let isReachable = true;
let asking: ReturnType<typeof setTimeout> | undefined;

export const isServerReachable = () => isReachable;

export function onReachability(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function tell(now: boolean) {
  if (now === isReachable) return;
  isReachable = now;
  for (const listener of listeners) listener(now);
}

export function reached() {
  clearTimeout(asking);
  tell(true);
}

export function unreachable() {
  tell(false);
  clearTimeout(asking);
  asking = setTimeout(async () => {
    try {
      const response = await fetch('/health', { cache: 'no-store' });
      if (response.ok) return reached();
    } catch {
      // Asked again below.
    }
    unreachable();
  }, PAUSE_MS);
}
