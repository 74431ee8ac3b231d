import '@fontsource-variable/inter/wght.css'
import '../ui/tokens.css'
import '../ui/base.css'
import '../ui/parts.css'
import './frame.css'
import { ApolloProvider } from '@apollo/client/react'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { connect } from '../gql/client'
import { SocketProvider } from '../gql/SocketContext'
import { router } from './router'
import './theme'

const { apollo, socket } = connect()
const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')

createRoot(root).render(
  <StrictMode>
    <ApolloProvider client={apollo}>
      <SocketProvider value={socket}>
        <RouterProvider router={router} />
      </SocketProvider>
    </ApolloProvider>
  </StrictMode>,
)
