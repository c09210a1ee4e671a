import { showNotification } from '@mantine/notifications'

/** A short word that something is done. */
export function tellDone(message: string): void {
  showNotification({ message, color: 'green', autoClose: 4_000, role: 'status' })
}

/** What failed away from any form; it stays long enough to be read. */
export function tellFailure(title: string, message: string): void {
  showNotification({ title, message, color: 'red', autoClose: 10_000, role: 'alert' })
}
