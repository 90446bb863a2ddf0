// A Bluesky network of one's own, on loopback: the identity directory (PLC), a personal
// data server (PDS) and, given a PostgreSQL server, the AppView that counts likes and
// builds threads. These are the programs Bluesky itself runs, from npm.
//
//   node bluesky.cjs [--pg postgres://user@127.0.0.1:5432/database] [--accounts ann,bob]
//                    [--rate-limits]
//
// One line of JSON on standard output says that everything answers, and where. The
// network lives as long as its standard input stays open, so it cannot outlive the test
// run that started it, however that run ends. SIGTERM and SIGINT end it too.
'use strict'

const crypto = require('node:crypto')
const fs = require('node:fs')
const http = require('node:http')
const net = require('node:net')
const os = require('node:os')
const path = require('node:path')
const { parseArgs } = require('node:util')

const LOOPBACK = '127.0.0.1'
const HANDLE_DOMAIN = '.test' // reserved (RFC 6761): no real handle can end so
const JWT_SECRET = 'a secret that tests know, to mint tokens of any age'
const ADMIN_PASSWORD = 'admin'
const BSYNC_KEY = 'between the AppView and its private store'
const NOBODY = 'did:example:nobody' // stands where a service that is not here would
const INDEXING_DEADLINE_MS = 20_000
const SHUTDOWN_DEADLINE_MS = 5_000

// --- Fitting the servers to a test machine ----------------------------------------------

// The servers offer no choice of interface: they listen on all of them. Tests must not be
// reachable from outside, so a bare port number means loopback here.
function listenOnLoopbackOnly() {
  const listen = net.Server.prototype.listen
  net.Server.prototype.listen = function (first, ...others) {
    const bare = typeof first === 'number' && typeof others[0] !== 'string'
    return listen.call(this, first, ...(bare ? [LOOPBACK] : []), ...others)
  }
}

// package.json puts libsql in the place of better-sqlite3, which would have to be
// compiled. The two differ in one thing that matters: libsql hands out a BLOB as an
// ArrayBuffer where the PDS expects a Buffer.
function makeLibsqlReturnBuffers() {
  const { prototype } = require('better-sqlite3')

  const asBuffer = (value) => {
    if (value instanceof ArrayBuffer) return Buffer.from(value)
    if (ArrayBuffer.isView(value) && !Buffer.isBuffer(value)) {
      return Buffer.from(value.buffer, value.byteOffset, value.byteLength)
    }
    return value
  }
  const convert = (row) => {
    if (row === null || typeof row !== 'object') return row
    for (const [column, value] of Object.entries(row)) row[column] = asBuffer(value)
    return row
  }

  const prepare = prototype.prepare
  prototype.prepare = function (sql) {
    const statement = prepare.call(this, sql)
    const { all, get, iterate } = statement
    return Object.assign(statement, {
      all: (...values) => all.apply(statement, values).map(convert),
      get: (...values) => convert(get.apply(statement, values)),
      *iterate(...values) {
        for (const row of iterate.apply(statement, values)) yield convert(row)
      },
    })
  }
}

// The configurations want port numbers before anything listens, so 0 will not do.
function freePort() {
  return new Promise((resolve, reject) => {
    const probe = net.createServer()
    probe.once('error', reject)
    probe.listen(0, LOOPBACK, () => {
      const { port } = probe.address()
      probe.close(() => resolve(port))
    })
  })
}

// There is no DNS for .test; the PDS that gave out a handle knows whose it is.
function resolveHandlesAt(pdsUrl, idResolver) {
  idResolver.handle.resolve = async (handle) => {
    if (!handle.endsWith(HANDLE_DOMAIN)) return undefined
    const response = await fetch(
      `${pdsUrl}/xrpc/com.atproto.identity.resolveHandle?handle=${handle}`,
    )
    return response.ok ? (await response.json()).did : undefined
  }
}

async function until(condition, what) {
  const deadline = Date.now() + INDEXING_DEADLINE_MS
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`waited in vain until ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
}

// --- The three servers ------------------------------------------------------------------

async function startDirectory() {
  const { Database, PlcServer } = require('@did-plc/server')
  const port = await freePort()
  const server = PlcServer.create({ db: Database.mock(), port }) // in memory
  await server.start()
  // By name: the identity library refuses a directory at a bare IP address.
  return { url: `http://localhost:${port}`, stop: () => server.destroy() }
}

// The AppView has its own identity in the directory; the PDS looks there for the address
// it proxies reads to.
async function registerAppView(directoryUrl, url, key) {
  const { Client } = require('@did-plc/lib')
  const directory = new Client(directoryUrl)
  const did = await directory.createDid({
    signingKey: key.did(),
    rotationKeys: [key.did()],
    handle: `appview${HANDLE_DOMAIN}`,
    pds: url,
    signer: key,
  })
  await directory.updateData(did, key, (document) => ({
    ...document,
    services: {
      ...document.services,
      bsky_appview: { type: 'BskyAppView', endpoint: url },
      bsky_notif: { type: 'BskyNotificationService', endpoint: url },
    },
  }))
  return did
}

function appViewConfig({ port, url, did, directoryUrl, dataplanePort, bsyncPort }) {
  const { ServerConfig } = require('@atproto/bsky')
  return new ServerConfig({
    version: 'test',
    port,
    publicUrl: url,
    serverDid: did,
    alternateAudienceDids: [],
    didPlcUrl: directoryUrl,
    disableSsrfProtection: true, // everything it may fetch is on loopback
    dataplaneUrls: [`http://${LOOPBACK}:${dataplanePort}`],
    dataplaneHttpVersion: '1.1',
    bsyncUrl: `http://${LOOPBACK}:${bsyncPort}`,
    bsyncHttpVersion: '1.1',
    bsyncApiKey: BSYNC_KEY,
    adminPasswords: [ADMIN_PASSWORD],
    feedGenSkeletonTimeout: 5_000,
    maxThreadParents: 50,
    draftsLimit: 500,
    // Moderation, search and the rest are services of their own that are not here. The
    // AppView still reads these settings and fails where they are missing.
    modServiceDid: NOBODY,
    labelsFromIssuerDids: [],
    etcdHosts: [],
    bigThreadUris: new Set(),
    debugFieldAllowedDids: new Set(),
    searchTagsHide: new Set(),
    searchTagsHideAll: new Set(),
    threadTagsBumpDown: new Set(),
    threadTagsHide: new Set(),
    visibilityTagHide: '',
    visibilityTagRankPrefix: '',
  })
}

// Four parts: the dataplane (PostgreSQL behind an RPC), the AppView proper, bsync (what
// users keep private: mutes, what they have seen) and the reader of the PDS's firehose.
async function startAppView({ postgresUrl, directoryUrl, pdsUrl }) {
  const bsky = require('@atproto/bsky')
  const bsync = require('@atproto/bsync')
  const { Secp256k1Keypair } = require('@atproto/crypto')

  const port = await freePort()
  const dataplanePort = await freePort()
  const bsyncPort = await freePort()
  const url = `http://${LOOPBACK}:${port}`
  const key = await Secp256k1Keypair.create()
  const did = await registerAppView(directoryUrl, url, key)

  const viewTables = { url: postgresUrl, schema: 'appview' }
  const migrating = new bsky.Database(viewTables)
  await migrating.migrateToLatestOrThrow()
  await migrating.close()

  const database = new bsky.Database({ ...viewTables, poolSize: 10 })
  const dataplane = await bsky.DataPlaneServer.create(
    database,
    dataplanePort,
    directoryUrl,
    globalThis.fetch, // its own refuses plain http
  )
  const config = appViewConfig({
    port,
    url,
    did,
    directoryUrl,
    dataplanePort,
    bsyncPort,
  })
  const view = bsky.BskyAppView.create({ config, signingKey: key })

  const store = await bsync.BsyncService.create(
    bsync.envToCfg({
      port: bsyncPort,
      apiKeys: [BSYNC_KEY],
      dbUrl: postgresUrl,
      dbSchema: 'bsync',
      dbPoolSize: 5,
    }),
    // Its own client speaks HTTP/2, which this dataplane does not; without any, marking
    // notifications as seen is forgotten without an error.
    { dataplaneClients: [view.ctx.dataplane] },
  )
  await store.ctx.db.migrateToLatestOrThrow()

  for (const resolver of [view.ctx.idResolver, dataplane.idResolver]) {
    resolveHandlesAt(pdsUrl, resolver)
  }
  await store.start()
  await view.start()

  const privateChanges = new bsky.BsyncSubscription({ config, db: database })
  const firehose = new bsky.RepoSubscription({
    service: pdsUrl.replace('http', 'ws'),
    db: database,
    idResolver: dataplane.idResolver,
  })
  return {
    url,
    did,
    // Both run until they are destroyed; neither is to be awaited.
    follow() {
      void privateChanges.start()
      void firehose.start()
    },
    async stop() {
      await view.destroy()
      await firehose.destroy()
      await privateChanges.destroy()
      await store.destroy()
      await dataplane.destroy()
      await database.close()
    },
  }
}

async function startDataServer({ port, directory, directoryUrl, appView, rateLimits }) {
  const { PDS, envToCfg, envToSecrets } = require('@atproto/pds')
  const folder = (name) => {
    const made = path.join(directory, name)
    fs.mkdirSync(made)
    return made
  }
  const environment = {
    devMode: true, // plain http
    hostname: 'localhost',
    port,
    dataDirectory: folder('data'),
    blobstoreDiskLocation: folder('blobs'),
    blobstoreDiskTmpLocation: folder('uploads'),
    didPlcUrl: directoryUrl,
    disableSsrfProtection: true,
    serviceHandleDomains: [HANDLE_DOMAIN],
    inviteRequired: false,
    rateLimitsEnabled: rateLimits,
    crawlers: [],
    jwtSecret: JWT_SECRET,
    adminPassword: ADMIN_PASSWORD,
    dpopSecret: crypto.randomBytes(32).toString('hex'),
    plcRotationKeyK256PrivateKeyHex: crypto.randomBytes(32).toString('hex'),
    ...(appView && {
      bskyAppViewUrl: appView.url,
      bskyAppViewDid: appView.did,
      bskyAppViewCdnUrlPattern: `${appView.url}/img/%s/plain/%s/%s@jpeg`,
    }),
  }
  const server = await PDS.create(envToCfg(environment), envToSecrets(environment))
  const url = `http://${LOOPBACK}:${port}`
  resolveHandlesAt(url, server.ctx.idResolver)
  const listening = await server.start()
  const requests = await countRequests(listening)
  return {
    url,
    requestsUrl: requests.url,
    serviceDid: server.ctx.cfg.service.did,
    async stop() {
      requests.stop()
      await server.destroy()
    },
  }
}

// How often each path was asked for, told at an address of its own.
async function countRequests(server) {
  const counts = {}
  server.on('request', (request) => {
    const asked = request.url.split('?')[0]
    counts[asked] = (counts[asked] ?? 0) + 1
  })
  const port = await freePort()
  const teller = http.createServer((_, response) => response.end(JSON.stringify(counts)))
  await new Promise((resolve) => teller.listen(port, resolve))
  return { url: `http://${LOOPBACK}:${port}`, stop: () => teller.close() }
}

// --- The network ------------------------------------------------------------------------

async function createAccount(pdsUrl, name) {
  const account = {
    handle: `${name}${HANDLE_DOMAIN}`,
    email: `${name}@example.com`,
    password: `${name}-password`,
  }
  const response = await fetch(`${pdsUrl}/xrpc/com.atproto.server.createAccount`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(account),
  })
  const answer = await response.json()
  if (!response.ok) throw new Error(`no account ${name}: ${JSON.stringify(answer)}`)
  return { handle: answer.handle, did: answer.did, password: account.password }
}

async function isIndexed(appViewUrl, account) {
  const response = await fetch(
    `${appViewUrl}/xrpc/app.bsky.actor.getProfile?actor=${account.did}`,
  )
  return response.ok && (await response.json()).handle === account.handle
}

async function startNetwork({ postgresUrl, names, rateLimits }) {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'smmflow-bluesky-'))
  const plc = await startDirectory()
  const pdsPort = await freePort()
  const appView =
    postgresUrl &&
    (await startAppView({
      postgresUrl,
      directoryUrl: plc.url,
      pdsUrl: `http://${LOOPBACK}:${pdsPort}`,
    }))
  const pds = await startDataServer({
    port: pdsPort,
    directory,
    directoryUrl: plc.url,
    appView,
    rateLimits,
  })
  appView?.follow()

  const accounts = []
  for (const name of names) accounts.push(await createAccount(pds.url, name))
  if (appView) {
    for (const account of accounts) {
      await until(() => isIndexed(appView.url, account), `${account.handle} is indexed`)
    }
  }
  return {
    description: {
      url: pds.url,
      requestsUrl: pds.requestsUrl,
      serviceDid: pds.serviceDid,
      directoryUrl: plc.url,
      appViewUrl: appView?.url ?? null,
      jwtSecret: JWT_SECRET,
      adminPassword: ADMIN_PASSWORD,
      accounts,
    },
    async stop() {
      await appView?.stop()
      await pds.stop()
      await plc.stop()
    },
    discard: () => fs.rmSync(directory, { recursive: true, force: true }),
  }
}

async function main() {
  const { values } = parseArgs({
    options: {
      pg: { type: 'string' },
      accounts: { type: 'string', default: '' },
      'rate-limits': { type: 'boolean', default: false },
    },
  })
  listenOnLoopbackOnly()
  makeLibsqlReturnBuffers()
  const network = await startNetwork({
    postgresUrl: values.pg,
    names: values.accounts.split(',').filter(Boolean),
    rateLimits: values['rate-limits'],
  })

  const exit = () => {
    network.discard()
    process.exit(0)
  }
  let stopping = false
  const stop = () => {
    if (stopping) return
    stopping = true
    setTimeout(exit, SHUTDOWN_DEADLINE_MS) // a stuck connection must not keep it alive
    network.stop().then(exit, exit)
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  process.stdin.on('close', stop)
  process.stdin.resume()

  process.stdout.write(`${JSON.stringify(network.description)}\n`)
}

main().catch((error) => {
  console.error(error)
  process.exit(1)
})
