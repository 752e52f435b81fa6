/**
 * prom-client 15 by the files that are used: its index also loads push gateway, cluster and default metrics, and with them https, tls
 * and zlib, 12 MiB.
 */
declare module 'prom-client/lib/registry.js' {
  import { Registry } from 'prom-client'
  export = Registry
}
declare module 'prom-client/lib/counter.js' {
  import { Counter } from 'prom-client'
  export = Counter
}
declare module 'prom-client/lib/gauge.js' {
  import { Gauge } from 'prom-client'
  export = Gauge
}
