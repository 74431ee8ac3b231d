import type { Client } from 'graphql-ws'
import { createContext, useContext } from 'react'

const SocketContext = createContext<Client | null>(null)
export const SocketProvider = SocketContext.Provider

export function useSocket(): Client {
  const socket = useContext(SocketContext)
  if (!socket) throw new Error('useSocket is called outside of SocketProvider')
  return socket
}
