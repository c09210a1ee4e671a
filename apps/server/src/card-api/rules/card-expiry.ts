/** A card is good to the end of its last month, UTC. Card API contract 4.2. */
export function isExpired(exp_month: number, exp_year: number, now: Date): boolean {
  return now.getTime() >= Date.UTC(exp_year, exp_month, 1)
}
