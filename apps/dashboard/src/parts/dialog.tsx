import { Modal } from '@mantine/core'
import type { ReactNode } from 'react'

type Props = {
  readonly title: string
  readonly opened: boolean
  /** Left out = it stays until what it asks for is done. */
  readonly close?: () => void
  readonly children: ReactNode
}

/** Keeps the focus while it is open, and gives it back. */
export function Dialog({ title, opened, close, children }: Props) {
  const mayClose = close !== undefined
  return (
    <Modal.Root
      opened={opened}
      onClose={close ?? (() => {})}
      closeOnClickOutside={mayClose}
      closeOnEscape={mayClose}
      centered
    >
      <Modal.Overlay />
      <Modal.Content>
        <Modal.Body className="dialog">
          <Modal.Title>{title}</Modal.Title>
          {children}
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  )
}
