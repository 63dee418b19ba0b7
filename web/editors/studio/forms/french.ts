export const misses = new Set<string>();
export function speakFrench(): void { /* filled next */ }
