// Made by `npm run openapi` from what the running system says of itself: not to be edited.
/* oxlint-disable */

export interface paths {
  '/livez': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Whether the process lives */
    get: {
      parameters: {
        query?: never
        header?: never
        path?: never
        cookie?: never
      }
      requestBody?: never
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': {
              /** @enum {boolean} */
              live: true
            }
          }
        }
        /** @description Default Response */
        400: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        429: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        500: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        503: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
      }
    }
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/readyz': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Whether it can serve */
    get: {
      parameters: {
        query?: never
        header?: never
        path?: never
        cookie?: never
      }
      requestBody?: never
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': {
              ready: boolean
              services: {
                [key: string]: {
                  ready: boolean
                  /** @description Why it is not ready, or what is wrong though it is; empty when all is well */
                  reasons: string[]
                  /** @description What it holds, by name: coins, signals, alerts, ... */
                  counts: {
                    [key: string]: number
                  }
                  /** @description The version of the data it serves, if it serves any */
                  version?: string
                }
              }
            }
          }
        }
        /** @description Default Response */
        400: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        429: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        500: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        503: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': {
              ready: boolean
              services: {
                [key: string]: {
                  ready: boolean
                  /** @description Why it is not ready, or what is wrong though it is; empty when all is well */
                  reasons: string[]
                  /** @description What it holds, by name: coins, signals, alerts, ... */
                  counts: {
                    [key: string]: number
                  }
                  /** @description The version of the data it serves, if it serves any */
                  version?: string
                }
              }
            }
          }
        }
      }
    }
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/metrics': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * Figures for Prometheus
     * @description For callers on the machine itself, unless METRICS_PUBLIC is true.
     */
    get: {
      parameters: {
        query?: never
        header?: never
        path?: never
        cookie?: never
      }
      requestBody?: never
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'text/plain': string
          }
        }
        /** @description Default Response */
        400: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        403: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        429: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        500: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        503: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
      }
    }
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/health': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * How the system is
     * @description 503 unless the status is OK; `reasons` tells why it is not.
     */
    get: {
      parameters: {
        query?: never
        header?: never
        path?: never
        cookie?: never
      }
      requestBody?: never
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Health']
          }
        }
        /** @description Default Response */
        400: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        429: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        500: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        503: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Health']
          }
        }
      }
    }
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/sources': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Where the data come from, with the attribution that each source asks for, and how each source is */
    get: {
      parameters: {
        query?: never
        header?: never
        path?: never
        cookie?: never
      }
      requestBody?: never
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': {
              /** @enum {boolean} */
              success: true
              data: components['schemas']['SourceStatus'][]
              count: number
              meta: {
                /** @enum {string} */
                source: 'live' | 'simulated'
              }
            }
          }
        }
        /** @description Default Response */
        400: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        429: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        500: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        503: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
      }
    }
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/market': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Figures of the whole market */
    get: {
      parameters: {
        query?: never
        header?: never
        path?: never
        cookie?: never
      }
      requestBody?: never
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': {
              /** @enum {boolean} */
              success: true
              data: {
                fearGreed: {
                  value: number
                  label: string
                  source: string
                  /** @description RFC 3339, UTC, milliseconds */
                  observedAt: string
                  ageMs: number
                } | null
              }
              meta: {
                /** @enum {string} */
                source: 'live' | 'simulated'
              }
            }
          }
        }
        /** @description Default Response */
        400: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        429: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        500: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        503: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
      }
    }
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/signals': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Signals, a page at a time: the primary one of each coin, or those of one horizon */
    get: {
      parameters: {
        query?: {
          page?: number
          limit?: number
          sort?: 'score' | 'rank' | 'updated'
          filter?: 'strong_buy' | 'buy' | 'hold' | 'sell' | 'strong_sell'
          timeframe?: 'SCALPING' | 'DAY_TRADING' | 'SWING_TRADING' | 'LONG_TERM'
          min_score?: number
          max_score?: number
          /** @description Seconds: only what was observed no longer ago */
          max_age?: number
        }
        header?: never
        path?: never
        cookie?: never
      }
      requestBody?: never
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': {
              /** @enum {boolean} */
              success: true
              data: components['schemas']['Signal'][]
              pagination: components['schemas']['Pagination']
              meta: components['schemas']['Meta']
            }
          }
        }
        /** @description Nothing has changed since the answer whose ETag the caller has */
        304: {
          headers: {
            [name: string]: unknown
          }
          content?: never
        }
        /** @description Default Response */
        400: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        429: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        500: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        503: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
      }
    }
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/signals/coin/{coinId}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** A coin's primary signal, and those of its four horizons */
    get: {
      parameters: {
        query?: never
        header?: never
        path: {
          /** @description CoinGecko's coin id, for example `bitcoin` */
          coinId: string
        }
        cookie?: never
      }
      requestBody?: never
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': {
              /** @enum {boolean} */
              success: true
              data: {
                /** @description CoinGecko's coin id, for example `bitcoin` */
                coinId: string
                symbol: string
                name: string
                rank: number | null
                /** @enum {string} */
                timeframe: 'SCALPING' | 'DAY_TRADING' | 'SWING_TRADING' | 'LONG_TERM'
                price: number | null
                finalScore: number
                recommendation: {
                  /** @enum {string} */
                  action: 'STRONG_BUY' | 'BUY' | 'HOLD' | 'SELL' | 'STRONG_SELL'
                  confidence: number
                }
                breakdown: {
                  /** @enum {string} */
                  component: 'momentum' | 'volume' | 'standing' | 'technical'
                  score: number
                  weight: number
                  contribution: number
                  why: string
                }[]
                /** @description Inputs present, as a share of inputs wanted */
                coverage: number
                /** @description Too little was known: the HOLD is no opinion */
                insufficientData: boolean
                source: string
                /** @description RFC 3339, UTC, milliseconds */
                observedAt: string
                /** @description RFC 3339, UTC, milliseconds */
                updatedAt: string
                previous: {
                  /** @enum {string} */
                  action: 'STRONG_BUY' | 'BUY' | 'HOLD' | 'SELL' | 'STRONG_SELL'
                  finalScore: number
                  /** @description RFC 3339, UTC, milliseconds */
                  at: string
                } | null
                ageMs: number
                /**
                 * @description By age: live up to 1 min, recent up to 15 min, delayed up to 8 h, stale up to 7 days, dead beyond
                 * @enum {string}
                 */
                freshness: 'live' | 'recent' | 'delayed' | 'stale' | 'dead'
                timeframes: {
                  SCALPING: components['schemas']['Signal']
                  DAY_TRADING: components['schemas']['Signal']
                  SWING_TRADING: components['schemas']['Signal']
                  LONG_TERM: components['schemas']['Signal']
                }
              }
              meta: components['schemas']['Meta']
            }
          }
        }
        /** @description Nothing has changed since the answer whose ETag the caller has */
        304: {
          headers: {
            [name: string]: unknown
          }
          content?: never
        }
        /** @description Default Response */
        400: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        404: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        429: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        500: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        503: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
      }
    }
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/signals/search': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Primary signals of the coins whose id, symbol or name contains a text */
    get: {
      parameters: {
        query: {
          /** @description Taken literally; case does not matter */
          q: string
          limit?: number
          /** @description score: the highest first. match: the coins of that id, symbol or name first, then those of which one begins with it; of equals the largest first */
          sort?: 'score' | 'match'
        }
        header?: never
        path?: never
        cookie?: never
      }
      requestBody?: never
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': {
              /** @enum {boolean} */
              success: true
              data: components['schemas']['Signal'][]
              count: number
              meta: components['schemas']['Meta']
            }
          }
        }
        /** @description Nothing has changed since the answer whose ETag the caller has */
        304: {
          headers: {
            [name: string]: unknown
          }
          content?: never
        }
        /** @description Default Response */
        400: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        429: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        500: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        503: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
      }
    }
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/signals/strong': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** The strongest primary signals either way, the strongest first */
    get: {
      parameters: {
        query?: never
        header?: never
        path?: never
        cookie?: never
      }
      requestBody?: never
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': {
              /** @enum {boolean} */
              success: true
              data: components['schemas']['Signal'][]
              count: number
              meta: components['schemas']['Meta']
            }
          }
        }
        /** @description Nothing has changed since the answer whose ETag the caller has */
        304: {
          headers: {
            [name: string]: unknown
          }
          content?: never
        }
        /** @description Default Response */
        400: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        429: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        500: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        503: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
      }
    }
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/signals/stats': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** How many coins are rated how, and the average score of each horizon */
    get: {
      parameters: {
        query?: never
        header?: never
        path?: never
        cookie?: never
      }
      requestBody?: never
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': {
              /** @enum {boolean} */
              success: true
              data: {
                overview: {
                  totalCoins: number
                  avgScore: number
                  strongBuyCount: number
                  buyCount: number
                  holdCount: number
                  sellCount: number
                  strongSellCount: number
                }
                timeframes: {
                  /** @enum {string} */
                  timeframe: 'SCALPING' | 'DAY_TRADING' | 'SWING_TRADING' | 'LONG_TERM'
                  count: number
                  avgScore: number
                }[]
              }
              meta: components['schemas']['Meta']
            }
          }
        }
        /** @description Nothing has changed since the answer whose ETag the caller has */
        304: {
          headers: {
            [name: string]: unknown
          }
          content?: never
        }
        /** @description Default Response */
        400: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        429: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        500: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        503: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
      }
    }
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/coins': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Coins with their latest observation, a page at a time: all, those of a symbol, or none older than an age */
    get: {
      parameters: {
        query?: {
          page?: number
          limit?: number
          sort?: 'marketCapRank' | 'marketCapUsd' | 'volumeUsd24h' | 'change24h' | 'updated'
          /** @description Shared by many coins; case does not matter */
          symbol?: string
          /** @description Seconds: only what was observed no longer ago */
          max_age?: number
        }
        header?: never
        path?: never
        cookie?: never
      }
      requestBody?: never
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': {
              /** @enum {boolean} */
              success: true
              data: components['schemas']['Coin'][]
              pagination: components['schemas']['Pagination']
              meta: components['schemas']['Meta']
            }
          }
        }
        /** @description Nothing has changed since the answer whose ETag the caller has */
        304: {
          headers: {
            [name: string]: unknown
          }
          content?: never
        }
        /** @description Default Response */
        400: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        429: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        500: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        503: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
      }
    }
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/coins/{coinId}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** A coin, its latest observation and its primary signal */
    get: {
      parameters: {
        query?: never
        header?: never
        path: {
          /** @description CoinGecko's coin id, for example `bitcoin` */
          coinId: string
        }
        cookie?: never
      }
      requestBody?: never
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': {
              /** @enum {boolean} */
              success: true
              data: {
                /** @description CoinGecko's coin id, for example `bitcoin` */
                coinId: string
                symbol: string
                name: string
                image: string | null
                marketCapRank: number | null
                priceUsd: number | null
                marketCapUsd: number | null
                volumeUsd24h: number | null
                high24hUsd: number | null
                low24hUsd: number | null
                circulatingSupply: number | null
                changePct: {
                  '1h': number | null
                  '24h': number | null
                  '7d': number | null
                  '14d': number | null
                  '30d': number | null
                  '200d': number | null
                  '1y': number | null
                }
                source: string
                origins: {
                  range: {
                    source: string
                    /** @description RFC 3339, UTC, milliseconds */
                    observedAt: string
                  } | null
                  volume: {
                    source: string
                    /** @description RFC 3339, UTC, milliseconds */
                    observedAt: string
                  } | null
                  supply: {
                    source: string
                    /** @description RFC 3339, UTC, milliseconds */
                    observedAt: string
                  } | null
                  changes: {
                    source: string
                    /** @description RFC 3339, UTC, milliseconds */
                    observedAt: string
                  } | null
                  sparkline: {
                    source: string
                    /** @description RFC 3339, UTC, milliseconds */
                    observedAt: string
                  } | null
                }
                /** @description RFC 3339, UTC, milliseconds */
                observedAt: string
                /** @description RFC 3339, UTC, milliseconds */
                receivedAt: string
                ageMs: number
                /**
                 * @description By age: live up to 1 min, recent up to 15 min, delayed up to 8 h, stale up to 7 days, dead beyond
                 * @enum {string}
                 */
                freshness: 'live' | 'recent' | 'delayed' | 'stale' | 'dead'
                signal: components['schemas']['Signal'] | null
              }
              meta: components['schemas']['Meta']
            }
          }
        }
        /** @description Nothing has changed since the answer whose ETag the caller has */
        304: {
          headers: {
            [name: string]: unknown
          }
          content?: never
        }
        /** @description Default Response */
        400: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        404: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        429: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        500: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        503: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
      }
    }
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/coins/by-symbol/{symbol}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** The same of the one coin that has a symbol; 409 with the candidates when several have it */
    get: {
      parameters: {
        query?: never
        header?: never
        path: {
          /** @description Shared by many coins; case does not matter */
          symbol: string
        }
        cookie?: never
      }
      requestBody?: never
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': {
              /** @enum {boolean} */
              success: true
              data: {
                /** @description CoinGecko's coin id, for example `bitcoin` */
                coinId: string
                symbol: string
                name: string
                image: string | null
                marketCapRank: number | null
                priceUsd: number | null
                marketCapUsd: number | null
                volumeUsd24h: number | null
                high24hUsd: number | null
                low24hUsd: number | null
                circulatingSupply: number | null
                changePct: {
                  '1h': number | null
                  '24h': number | null
                  '7d': number | null
                  '14d': number | null
                  '30d': number | null
                  '200d': number | null
                  '1y': number | null
                }
                source: string
                origins: {
                  range: {
                    source: string
                    /** @description RFC 3339, UTC, milliseconds */
                    observedAt: string
                  } | null
                  volume: {
                    source: string
                    /** @description RFC 3339, UTC, milliseconds */
                    observedAt: string
                  } | null
                  supply: {
                    source: string
                    /** @description RFC 3339, UTC, milliseconds */
                    observedAt: string
                  } | null
                  changes: {
                    source: string
                    /** @description RFC 3339, UTC, milliseconds */
                    observedAt: string
                  } | null
                  sparkline: {
                    source: string
                    /** @description RFC 3339, UTC, milliseconds */
                    observedAt: string
                  } | null
                }
                /** @description RFC 3339, UTC, milliseconds */
                observedAt: string
                /** @description RFC 3339, UTC, milliseconds */
                receivedAt: string
                ageMs: number
                /**
                 * @description By age: live up to 1 min, recent up to 15 min, delayed up to 8 h, stale up to 7 days, dead beyond
                 * @enum {string}
                 */
                freshness: 'live' | 'recent' | 'delayed' | 'stale' | 'dead'
                signal: components['schemas']['Signal'] | null
              }
              meta: components['schemas']['Meta']
            }
          }
        }
        /** @description Nothing has changed since the answer whose ETag the caller has */
        304: {
          headers: {
            [name: string]: unknown
          }
          content?: never
        }
        /** @description Default Response */
        400: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        404: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        409: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        429: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        500: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        503: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
      }
    }
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/coins/{coinId}/bars': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Open, high, low and close of a coin over 5 minutes, an hour or a day each */
    get: {
      parameters: {
        query?: {
          interval?: '5m' | '1h' | '1d'
          /** @description RFC 3339, as 2026-11-25T00:00:00.000Z: the earliest opening */
          from?: string
          /** @description RFC 3339, as 2026-11-25T00:00:00.000Z: later than every opening */
          to?: string
          limit?: number
        }
        header?: never
        path: {
          /** @description CoinGecko's coin id, for example `bitcoin` */
          coinId: string
        }
        cookie?: never
      }
      requestBody?: never
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': {
              /** @enum {boolean} */
              success: true
              data: components['schemas']['Bar'][]
              /** @description CoinGecko's coin id, for example `bitcoin` */
              coinId: string
              /** @enum {string} */
              interval: '5m' | '1h' | '1d'
              meta: {
                /** @enum {string} */
                source: 'live' | 'simulated'
              }
            }
          }
        }
        /** @description Nothing has changed since the answer whose ETag the caller has */
        304: {
          headers: {
            [name: string]: unknown
          }
          content?: never
        }
        /** @description Default Response */
        400: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        404: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        429: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        500: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        503: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
      }
    }
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/signals/coin/{coinId}/history': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** A coin's scores on its four horizons as they were at the end of each hour or day, and as they are now */
    get: {
      parameters: {
        query?: {
          interval?: '1h' | '1d'
          limit?: number
        }
        header?: never
        path: {
          /** @description CoinGecko's coin id, for example `bitcoin` */
          coinId: string
        }
        cookie?: never
      }
      requestBody?: never
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': {
              /** @enum {boolean} */
              success: true
              data: components['schemas']['ScorePoint'][]
              /** @description CoinGecko's coin id, for example `bitcoin` */
              coinId: string
              /** @enum {string} */
              interval: '1h' | '1d'
              meta: {
                /** @enum {string} */
                source: 'live' | 'simulated'
              }
            }
          }
        }
        /** @description Nothing has changed since the answer whose ETag the caller has */
        304: {
          headers: {
            [name: string]: unknown
          }
          content?: never
        }
        /** @description Default Response */
        400: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        404: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        429: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        500: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        503: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
      }
    }
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/coverage': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** How many coins are priced and scored, from which sources, and how old their prices are */
    get: {
      parameters: {
        query?: never
        header?: never
        path?: never
        cookie?: never
      }
      requestBody?: never
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': {
              /** @enum {boolean} */
              success: true
              data: {
                /** @description Coins that exist */
                listed: number
                /** @description Of these, with a price of any age */
                priced: number
                /** @description Of these, with signals */
                scored: number
                /** @description Priced coins by freshness */
                freshness: {
                  live: number
                  recent: number
                  delayed: number
                  stale: number
                  dead: number
                }
                ageMs: {
                  p50: number
                  p90: number
                  p99: number
                  max: number
                } | null
                tiers: {
                  /**
                   * @description exchange: an exchange said something of the coin since the replica started; else top500: among the 500 largest; else ranked: has a rank; else tail
                   * @enum {string}
                   */
                  tier: 'exchange' | 'top500' | 'ranked' | 'tail'
                  /** @description Coins that exist */
                  listed: number
                  /** @description Of these, with a price of any age */
                  priced: number
                  /** @description Of these, with signals */
                  scored: number
                  /** @description Priced coins by freshness */
                  freshness: {
                    live: number
                    recent: number
                    delayed: number
                    stale: number
                    dead: number
                  }
                  ageMs: {
                    p50: number
                    p90: number
                    p99: number
                    max: number
                  } | null
                }[]
                sources: {
                  source: string
                  /** @description Coins whose price in use is from it */
                  priced: number
                  /** @description Coins of which anything in use is from it */
                  used: number
                  ageMs: {
                    p50: number
                    p90: number
                    p99: number
                    max: number
                  } | null
                }[]
              }
              meta: components['schemas']['Meta']
            }
          }
        }
        /** @description Default Response */
        400: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        429: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        500: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        503: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
      }
    }
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/export.ndjson': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** The whole market, or what a filter leaves of it, by rank: A market row as JSON in each line */
    get: {
      parameters: {
        query?: {
          /** @description Comma list of at most 100 coin ids */
          coins?: string
          /** @description The horizon that `actions` and `min_change` mean; without it the primary one, and 24 h */
          timeframe?: 'SCALPING' | 'DAY_TRADING' | 'SWING_TRADING' | 'LONG_TERM'
          /** @description Comma list of strong_buy, buy, hold, sell, strong_sell: coins for which the horizon says one of these */
          actions?: string
          /** @description Percent, up or down: coins whose price changed by at least as much over the horizon's span */
          min_change?: number
          /** @description Only the first so many by rank: something to show while the rest is loaded */
          limit?: number
        }
        header?: never
        path?: never
        cookie?: never
      }
      requestBody?: never
      responses: {
        /** @description A market row as JSON in each line. `x-data-version` is the version to go on from, `x-market-source` the origin: live or simulated. */
        200: {
          headers: {
            'x-data-version'?: string
            'x-market-source'?: string
            [name: string]: unknown
          }
          content: {
            'application/x-ndjson': string
          }
        }
        /** @description Nothing has changed since the answer whose ETag the caller has */
        304: {
          headers: {
            [name: string]: unknown
          }
          content?: never
        }
        /** @description Default Response */
        400: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        429: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        500: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        503: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
      }
    }
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/export.csv': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** The whole market, or what a filter leaves of it, by rank: A table whose columns are named by where they stand in a market row */
    get: {
      parameters: {
        query?: {
          /** @description Comma list of at most 100 coin ids */
          coins?: string
          /** @description The horizon that `actions` and `min_change` mean; without it the primary one, and 24 h */
          timeframe?: 'SCALPING' | 'DAY_TRADING' | 'SWING_TRADING' | 'LONG_TERM'
          /** @description Comma list of strong_buy, buy, hold, sell, strong_sell: coins for which the horizon says one of these */
          actions?: string
          /** @description Percent, up or down: coins whose price changed by at least as much over the horizon's span */
          min_change?: number
          /** @description Only the first so many by rank: something to show while the rest is loaded */
          limit?: number
        }
        header?: never
        path?: never
        cookie?: never
      }
      requestBody?: never
      responses: {
        /** @description A table whose columns are named by where they stand in a market row. `x-data-version` is the version to go on from, `x-market-source` the origin: live or simulated. */
        200: {
          headers: {
            'x-data-version'?: string
            'x-market-source'?: string
            [name: string]: unknown
          }
          content: {
            'text/csv': string
          }
        }
        /** @description Nothing has changed since the answer whose ETag the caller has */
        304: {
          headers: {
            [name: string]: unknown
          }
          content?: never
        }
        /** @description Default Response */
        400: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        429: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        500: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        503: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
      }
    }
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/signals/delta': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Market rows that changed since a version; 410 when that cannot be told any more: load the export then */
    get: {
      parameters: {
        query: {
          /** @description Comma list of at most 100 coin ids */
          coins?: string
          /** @description The horizon that `actions` and `min_change` mean; without it the primary one, and 24 h */
          timeframe?: 'SCALPING' | 'DAY_TRADING' | 'SWING_TRADING' | 'LONG_TERM'
          /** @description Comma list of strong_buy, buy, hold, sell, strong_sell: coins for which the horizon says one of these */
          actions?: string
          /** @description Percent, up or down: coins whose price changed by at least as much over the horizon's span */
          min_change?: number
          /** @description The version that the caller holds */
          since: string
        }
        header?: never
        path?: never
        cookie?: never
      }
      requestBody?: never
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': {
              /** @enum {boolean} */
              success: true
              data: components['schemas']['MarketRow'][]
              /** @description Coins that changed and that the filter does not hold for now: whoever holds one drops it */
              left: string[]
              count: number
              meta: components['schemas']['Meta']
            }
          }
        }
        /** @description Nothing has changed since the answer whose ETag the caller has */
        304: {
          headers: {
            [name: string]: unknown
          }
          content?: never
        }
        /** @description Default Response */
        400: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        410: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        429: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        500: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        503: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
      }
    }
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/stream': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** What changes from now on, or from a version on, as it changes: server-sent events */
    get: {
      parameters: {
        query?: {
          /** @description Comma list of at most 100 coin ids */
          coins?: string
          /** @description The horizon that `actions` and `min_change` mean; without it the primary one, and 24 h */
          timeframe?: 'SCALPING' | 'DAY_TRADING' | 'SWING_TRADING' | 'LONG_TERM'
          /** @description Comma list of strong_buy, buy, hold, sell, strong_sell: coins for which the horizon says one of these */
          actions?: string
          /** @description Percent, up or down: coins whose price changed by at least as much over the horizon's span */
          min_change?: number
          /** @description The version to go on from; the header Last-Event-ID, which browsers send, counts more */
          since?: string
          /** @description true: begin with all coins as they are, unless a version to go on from is given and known */
          snapshot?: 'true' | 'false'
        }
        header?: {
          /** @description The version to go on from, as browsers send it */
          'last-event-id'?: string
        }
        path?: never
        cookie?: never
      }
      requestBody?: never
      responses: {
        /**
         * @description Each message is an event: its name, for some the id to go on from (a version of the data), and one line of JSON.
         *     First `hello`, then `reset` if the caller is to forget what he holds, then `changes` and `alert` as they come. A comment each 10 s keeps the connection alive.
         */
        200: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'text/event-stream': components['schemas']['StreamMessage']
          }
        }
        /** @description Default Response */
        400: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        406: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        429: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        500: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        503: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
      }
    }
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/stream/ws': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** The same messages over a WebSocket, each the text of one frame */
    get: {
      parameters: {
        query?: {
          /** @description Comma list of at most 100 coin ids */
          coins?: string
          /** @description The horizon that `actions` and `min_change` mean; without it the primary one, and 24 h */
          timeframe?: 'SCALPING' | 'DAY_TRADING' | 'SWING_TRADING' | 'LONG_TERM'
          /** @description Comma list of strong_buy, buy, hold, sell, strong_sell: coins for which the horizon says one of these */
          actions?: string
          /** @description Percent, up or down: coins whose price changed by at least as much over the horizon's span */
          min_change?: number
          /** @description The version to go on from; the header Last-Event-ID, which browsers send, counts more */
          since?: string
          /** @description true: begin with all coins as they are, unless a version to go on from is given and known */
          snapshot?: 'true' | 'false'
        }
        header?: never
        path?: never
        cookie?: never
      }
      requestBody?: never
      responses: {
        /** @description A WebSocket. What the caller sends is taken no notice of. A ping each 10 s wants its pong. */
        101: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['StreamMessage']
          }
        }
        /** @description Default Response */
        400: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        429: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        500: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        503: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
      }
    }
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/alerts': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** All alerts, newest first */
    get: {
      parameters: {
        query?: {
          page?: number
          limit?: number
          /** @description CoinGecko's coin id, for example `bitcoin` */
          coinId?: string
        }
        header?: never
        path?: never
        cookie?: never
      }
      requestBody?: never
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': {
              /** @enum {boolean} */
              success: true
              data: components['schemas']['Alert'][]
              pagination: components['schemas']['Pagination']
              meta: components['schemas']['Meta']
            }
          }
        }
        /** @description Default Response */
        400: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        429: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        500: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        503: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
      }
    }
    put?: never
    /**
     * Set an alert
     * @description The alert is evaluated at each observation of its coin, and once soon after it was set.
     *     It fires when its condition comes to hold (also when it holds already), stays quiet while it holds, and is armed again at the first
     *     observation at which it does not hold. A threshold itself counts as crossed. `action_changed` fires at each observation whose action is
     *     another one than the last that was told, beginning with the action at creation.
     *     `price_*` compare the price in US dollars; `change_*` the change in percent over the span of the timeframe (SCALPING 1h,
     *     DAY_TRADING 24h, SWING_TRADING 7d, LONG_TERM 30d; 24h without one); `score_*`, `action_changed` and `strong_signal` the signal of the
     *     timeframe, or the primary one without it. An observation that does not know what is compared (no price, too little data for a score)
     *     neither fires nor re-arms. `cooldownMs` is the least time between two firings in the time of the observations; what was crossed
     *     within it fires after it, if it still holds.
     */
    post: {
      parameters: {
        query?: never
        header?: never
        path?: never
        cookie?: never
      }
      requestBody: {
        content: {
          'application/json':
            | {
                /** @description CoinGecko's coin id, for example `bitcoin` */
                coinId: string
                /** @enum {string} */
                alertType: 'price_above'
                settings: {
                  threshold: number
                  /**
                   * @description The horizon whose score is meant; without it, the primary one. For a change it sets the span: 1h, 24h, 7d or 30d; without it, 24h
                   * @enum {string}
                   */
                  timeframe?: 'SCALPING' | 'DAY_TRADING' | 'SWING_TRADING' | 'LONG_TERM'
                  /** @description Least time between two firings */
                  cooldownMs?: number
                }
              }
            | {
                /** @description CoinGecko's coin id, for example `bitcoin` */
                coinId: string
                /** @enum {string} */
                alertType: 'price_below'
                settings: {
                  threshold: number
                  /**
                   * @description The horizon whose score is meant; without it, the primary one. For a change it sets the span: 1h, 24h, 7d or 30d; without it, 24h
                   * @enum {string}
                   */
                  timeframe?: 'SCALPING' | 'DAY_TRADING' | 'SWING_TRADING' | 'LONG_TERM'
                  /** @description Least time between two firings */
                  cooldownMs?: number
                }
              }
            | {
                /** @description CoinGecko's coin id, for example `bitcoin` */
                coinId: string
                /** @enum {string} */
                alertType: 'change_above'
                settings: {
                  threshold: number
                  /**
                   * @description The horizon whose score is meant; without it, the primary one. For a change it sets the span: 1h, 24h, 7d or 30d; without it, 24h
                   * @enum {string}
                   */
                  timeframe?: 'SCALPING' | 'DAY_TRADING' | 'SWING_TRADING' | 'LONG_TERM'
                  /** @description Least time between two firings */
                  cooldownMs?: number
                }
              }
            | {
                /** @description CoinGecko's coin id, for example `bitcoin` */
                coinId: string
                /** @enum {string} */
                alertType: 'change_below'
                settings: {
                  threshold: number
                  /**
                   * @description The horizon whose score is meant; without it, the primary one. For a change it sets the span: 1h, 24h, 7d or 30d; without it, 24h
                   * @enum {string}
                   */
                  timeframe?: 'SCALPING' | 'DAY_TRADING' | 'SWING_TRADING' | 'LONG_TERM'
                  /** @description Least time between two firings */
                  cooldownMs?: number
                }
              }
            | {
                /** @description CoinGecko's coin id, for example `bitcoin` */
                coinId: string
                /** @enum {string} */
                alertType: 'score_above'
                settings: {
                  threshold: number
                  /**
                   * @description The horizon whose score is meant; without it, the primary one. For a change it sets the span: 1h, 24h, 7d or 30d; without it, 24h
                   * @enum {string}
                   */
                  timeframe?: 'SCALPING' | 'DAY_TRADING' | 'SWING_TRADING' | 'LONG_TERM'
                  /** @description Least time between two firings */
                  cooldownMs?: number
                }
              }
            | {
                /** @description CoinGecko's coin id, for example `bitcoin` */
                coinId: string
                /** @enum {string} */
                alertType: 'score_below'
                settings: {
                  threshold: number
                  /**
                   * @description The horizon whose score is meant; without it, the primary one. For a change it sets the span: 1h, 24h, 7d or 30d; without it, 24h
                   * @enum {string}
                   */
                  timeframe?: 'SCALPING' | 'DAY_TRADING' | 'SWING_TRADING' | 'LONG_TERM'
                  /** @description Least time between two firings */
                  cooldownMs?: number
                }
              }
            | {
                /** @description CoinGecko's coin id, for example `bitcoin` */
                coinId: string
                /** @enum {string} */
                alertType: 'action_changed'
                settings?: {
                  /**
                   * @description The horizon whose score is meant; without it, the primary one. For a change it sets the span: 1h, 24h, 7d or 30d; without it, 24h
                   * @enum {string}
                   */
                  timeframe?: 'SCALPING' | 'DAY_TRADING' | 'SWING_TRADING' | 'LONG_TERM'
                  /** @description Least time between two firings */
                  cooldownMs?: number
                }
              }
            | {
                /** @description CoinGecko's coin id, for example `bitcoin` */
                coinId: string
                /** @enum {string} */
                alertType: 'strong_signal'
                settings?: {
                  /**
                   * @description The horizon whose score is meant; without it, the primary one. For a change it sets the span: 1h, 24h, 7d or 30d; without it, 24h
                   * @enum {string}
                   */
                  timeframe?: 'SCALPING' | 'DAY_TRADING' | 'SWING_TRADING' | 'LONG_TERM'
                  /** @description Least time between two firings */
                  cooldownMs?: number
                }
              }
        }
      }
      responses: {
        /** @description Default Response */
        201: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': {
              /** @enum {boolean} */
              success: true
              data: components['schemas']['Alert']
              meta: components['schemas']['Meta']
            }
          }
        }
        /** @description Default Response */
        400: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        409: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        413: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        415: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        429: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        500: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        503: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
      }
    }
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/alerts/{alertId}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * One alert
     * @description `isTriggered`: it fired and is not armed again; of an `action_changed` alert: it fired at least once. `triggeredAt` is the last time.
     */
    get: {
      parameters: {
        query?: never
        header?: never
        path: {
          alertId: string
        }
        cookie?: never
      }
      requestBody?: never
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': {
              /** @enum {boolean} */
              success: true
              data: components['schemas']['Alert']
              meta: components['schemas']['Meta']
            }
          }
        }
        /** @description Default Response */
        400: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        404: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        429: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        500: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        503: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
      }
    }
    put?: never
    post?: never
    /**
     * Remove an alert
     * @description It does not fire any more once this was answered. What it fired stays readable.
     */
    delete: {
      parameters: {
        query?: never
        header?: never
        path: {
          alertId: string
        }
        cookie?: never
      }
      requestBody?: never
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': {
              /** @enum {boolean} */
              success: true
              data: {
                /** Format: uuid */
                alertId: string
                /** @enum {boolean} */
                deleted: true
              }
              meta: components['schemas']['Meta']
            }
          }
        }
        /** @description Default Response */
        400: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        404: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        429: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        500: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        503: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
      }
    }
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/alerts/triggered': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * What fired, newest first
     * @description Each firing with its evidence: price, score and time of the one observation that set it off. The score is that of the alert's
     *     timeframe, or the primary one; null if too little was known for one. `triggeredAt` is when the observation arrived, or when the alert was
     *     set if that was later. `triggerId` is the firing's delivery id, the same on every repeat.
     */
    get: {
      parameters: {
        query?: {
          page?: number
          limit?: number
          alertId?: string
        }
        header?: never
        path?: never
        cookie?: never
      }
      requestBody?: never
      responses: {
        /** @description Default Response */
        200: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': {
              /** @enum {boolean} */
              success: true
              data: components['schemas']['TriggeredAlert'][]
              pagination: components['schemas']['Pagination']
              meta: components['schemas']['Meta']
            }
          }
        }
        /** @description Default Response */
        400: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        429: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        500: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
        /** @description Default Response */
        503: {
          headers: {
            [name: string]: unknown
          }
          content: {
            'application/json': components['schemas']['Failure']
          }
        }
      }
    }
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
}
export interface components {
  schemas: {
    Failure: {
      /** @enum {boolean} */
      success: false
      error: string
      code: string
      details?: components['schemas']['ErrorDetail'][]
      /** @description Where a symbol was given and no id, the coins that have it: by rank, those without one last */
      candidates?: components['schemas']['Candidate'][]
    }
    ErrorDetail: {
      path: string
      message: string
    }
    Candidate: {
      /** @description CoinGecko's coin id, for example `bitcoin` */
      coinId: string
      symbol: string
      name: string
      marketCapRank: number | null
    }
    Meta: {
      /** @enum {string} */
      source: 'live' | 'simulated'
      /** @description Version of the data, the same wherever the same data are served; also in the ETag */
      version: string
    }
    Pagination: {
      current_page: number
      total_pages: number
      total_items: number
      items_per_page: number
    }
    Signal: {
      /** @description CoinGecko's coin id, for example `bitcoin` */
      coinId: string
      symbol: string
      name: string
      rank: number | null
      /** @enum {string} */
      timeframe: 'SCALPING' | 'DAY_TRADING' | 'SWING_TRADING' | 'LONG_TERM'
      price: number | null
      finalScore: number
      recommendation: {
        /** @enum {string} */
        action: 'STRONG_BUY' | 'BUY' | 'HOLD' | 'SELL' | 'STRONG_SELL'
        confidence: number
      }
      breakdown: {
        /** @enum {string} */
        component: 'momentum' | 'volume' | 'standing' | 'technical'
        score: number
        weight: number
        contribution: number
        why: string
      }[]
      /** @description Inputs present, as a share of inputs wanted */
      coverage: number
      /** @description Too little was known: the HOLD is no opinion */
      insufficientData: boolean
      source: string
      /** @description RFC 3339, UTC, milliseconds */
      observedAt: string
      /** @description RFC 3339, UTC, milliseconds */
      updatedAt: string
      previous: {
        /** @enum {string} */
        action: 'STRONG_BUY' | 'BUY' | 'HOLD' | 'SELL' | 'STRONG_SELL'
        finalScore: number
        /** @description RFC 3339, UTC, milliseconds */
        at: string
      } | null
      ageMs: number
      /**
       * @description By age: live up to 1 min, recent up to 15 min, delayed up to 8 h, stale up to 7 days, dead beyond
       * @enum {string}
       */
      freshness: 'live' | 'recent' | 'delayed' | 'stale' | 'dead'
    }
    Coin: {
      /** @description CoinGecko's coin id, for example `bitcoin` */
      coinId: string
      symbol: string
      name: string
      image: string | null
      marketCapRank: number | null
      priceUsd: number | null
      marketCapUsd: number | null
      volumeUsd24h: number | null
      high24hUsd: number | null
      low24hUsd: number | null
      circulatingSupply: number | null
      changePct: {
        '1h': number | null
        '24h': number | null
        '7d': number | null
        '14d': number | null
        '30d': number | null
        '200d': number | null
        '1y': number | null
      }
      source: string
      origins: {
        range: {
          source: string
          /** @description RFC 3339, UTC, milliseconds */
          observedAt: string
        } | null
        volume: {
          source: string
          /** @description RFC 3339, UTC, milliseconds */
          observedAt: string
        } | null
        supply: {
          source: string
          /** @description RFC 3339, UTC, milliseconds */
          observedAt: string
        } | null
        changes: {
          source: string
          /** @description RFC 3339, UTC, milliseconds */
          observedAt: string
        } | null
        sparkline: {
          source: string
          /** @description RFC 3339, UTC, milliseconds */
          observedAt: string
        } | null
      }
      /** @description RFC 3339, UTC, milliseconds */
      observedAt: string
      /** @description RFC 3339, UTC, milliseconds */
      receivedAt: string
      ageMs: number
      /**
       * @description By age: live up to 1 min, recent up to 15 min, delayed up to 8 h, stale up to 7 days, dead beyond
       * @enum {string}
       */
      freshness: 'live' | 'recent' | 'delayed' | 'stale' | 'dead'
    }
    Bar: {
      /** @description RFC 3339, UTC, milliseconds */
      openedAt: string
      open: number
      high: number
      low: number
      close: number
      volumeUsd: number | null
      filled: boolean
    }
    ScorePoint: {
      /** @description RFC 3339, UTC, milliseconds */
      at: string
      SCALPING: number | null
      DAY_TRADING: number | null
      SWING_TRADING: number | null
      LONG_TERM: number | null
    }
    HorizonScore: {
      finalScore: number
      /** @enum {string} */
      action: 'STRONG_BUY' | 'BUY' | 'HOLD' | 'SELL' | 'STRONG_SELL'
      confidence: number
      /** @description Too little was known: the HOLD is no opinion */
      insufficientData: boolean
    }
    MarketRow: {
      /** @description CoinGecko's coin id, for example `bitcoin` */
      coinId: string
      symbol: string
      name: string
      rank: number | null
      priceUsd: number | null
      marketCapUsd: number | null
      volumeUsd24h: number | null
      changePct: {
        '1h': number | null
        '24h': number | null
        '7d': number | null
        '30d': number | null
      }
      shape7d: number[] | null
      source: string
      /** @description RFC 3339, UTC, milliseconds */
      observedAt: string
      signals: {
        /** @enum {string} */
        primary: 'SCALPING' | 'DAY_TRADING' | 'SWING_TRADING' | 'LONG_TERM'
        /** @description RFC 3339, UTC, milliseconds */
        observedAt: string
        /** @description RFC 3339, UTC, milliseconds */
        updatedAt: string
        SCALPING: components['schemas']['HorizonScore']
        DAY_TRADING: components['schemas']['HorizonScore']
        SWING_TRADING: components['schemas']['HorizonScore']
        LONG_TERM: components['schemas']['HorizonScore']
      } | null
    }
    StreamMessage:
      | {
          /** @enum {string} */
          event: 'hello'
          id?: string
          data: {
            version: string
            /** @enum {string} */
            source: 'live' | 'simulated'
            /** @description RFC 3339, UTC, milliseconds */
            at: string
          }
        }
      | {
          /** @enum {string} */
          event: 'reset'
          id?: string
          data: {
            /** @enum {string} */
            reason: 'snapshot' | 'unknown-version'
            /** @description RFC 3339, UTC, milliseconds */
            at: string
          }
        }
      | {
          /** @enum {string} */
          event: 'changes'
          id?: string
          data: {
            version: string
            /** @description RFC 3339, UTC, milliseconds */
            at: string
            rows: components['schemas']['MarketRow'][]
            /** @description Coins that changed and that the filter does not hold for now: whoever holds one drops it */
            left: string[]
            more: boolean
          }
        }
      | {
          /** @enum {string} */
          event: 'alert'
          id?: string
          data: components['schemas']['TriggeredAlert']
        }
    Alert: {
      /** Format: uuid */
      alertId: string
      /** @description CoinGecko's coin id, for example `bitcoin` */
      coinId: string
      /** @enum {string} */
      alertType:
        | 'price_above'
        | 'price_below'
        | 'change_above'
        | 'change_below'
        | 'score_above'
        | 'score_below'
        | 'action_changed'
        | 'strong_signal'
      settings: {
        threshold?: number
        /**
         * @description The horizon whose score is meant; without it, the primary one. For a change it sets the span: 1h, 24h, 7d or 30d; without it, 24h
         * @enum {string}
         */
        timeframe?: 'SCALPING' | 'DAY_TRADING' | 'SWING_TRADING' | 'LONG_TERM'
        /** @description Least time between two firings */
        cooldownMs?: number
      }
      /** @description Fired, and not re-armed since */
      isTriggered: boolean
      triggerCount: number
      triggeredAt: string | null
      /** @description RFC 3339, UTC, milliseconds */
      createdAt: string
    }
    TriggeredAlert: {
      /** Format: uuid */
      triggerId: string
      /** Format: uuid */
      alertId: string
      /** @description The how-manieth firing of this alert */
      sequence: number
      /** @description CoinGecko's coin id, for example `bitcoin` */
      coinId: string
      /** @enum {string} */
      alertType:
        | 'price_above'
        | 'price_below'
        | 'change_above'
        | 'change_below'
        | 'score_above'
        | 'score_below'
        | 'action_changed'
        | 'strong_signal'
      settings: {
        threshold?: number
        /**
         * @description The horizon whose score is meant; without it, the primary one. For a change it sets the span: 1h, 24h, 7d or 30d; without it, 24h
         * @enum {string}
         */
        timeframe?: 'SCALPING' | 'DAY_TRADING' | 'SWING_TRADING' | 'LONG_TERM'
        /** @description Least time between two firings */
        cooldownMs?: number
      }
      /** @enum {boolean} */
      isTriggered: true
      /** @description RFC 3339, UTC, milliseconds */
      triggeredAt: string
      evidence: {
        price: number | null
        score: number | null
        /** @description RFC 3339, UTC, milliseconds */
        observedAt: string
      }
    }
    SourceStatus: {
      name: string
      title: string
      /** @enum {string} */
      kind: 'aggregator' | 'exchange' | 'dex' | 'index'
      simulated: boolean
      /** @description To be shown beside what the source says */
      attribution: {
        text: string
        url: string
      }
      terms: string
      /** @enum {string} */
      access: 'open' | 'free-key'
      /** @description What it can say of a coin */
      fields: ('price' | 'range' | 'volume' | 'supply' | 'changes' | 'sparkline')[]
      /** @enum {string} */
      state: 'starting' | 'ok' | 'limited' | 'failing'
      connected: boolean | null
      lastSuccessAt: string | null
      lastError: string | null
      /** @description How long its latest feed is overdue; 0 if all are in time */
      lagMs: number
      /** @description Coins the source lists; 0 where it is not asked for a list */
      universe: number
      /** @description Coins it is known to price */
      coins: number
      /** @description Prices not believed, since the process started */
      heldBack: number
      feeds: {
        name: string
        /** @description From one round to the next, as now planned; 0 for a stream */
        everyMs: number
        startedAt: string | null
        finishedAt: string | null
        nextAt: string | null
        callsDone: number
        callsTotal: number
        rowsGood: number
        rowsBad: number
      }[]
      sweep: {
        /** @description RFC 3339, UTC, milliseconds */
        startedAt: string
        finishedAt: string | null
        chunksDone: number
        chunksTotal: number
        rowsGood: number
        rowsBad: number
      } | null
      sweptAt: string | null
      nextSweepAt: string | null
      /** @description Calls a minute and credits a calendar month (UTC); `exhaustsAt`: when these end at the present rate, null if not before the month does */
      budget: {
        perMinute: number
        minuteLeft: number
        perMonth: number | null
        monthLeft: number | null
        blockedUntil: string | null
        exhaustsAt: string | null
      }
      /** @description RFC 3339, UTC, milliseconds */
      updatedAt: string
    }
    Health: {
      /** @description true when status is OK */
      success: boolean
      /** @enum {string} */
      status: 'OK' | 'WARNING' | 'ERROR'
      /** @description Why the status is not OK; empty when it is */
      reasons: string[]
      /** @description RFC 3339, UTC, milliseconds */
      timestamp: string
      /** @description Seconds */
      uptime: number
      version: string
      memory: {
        rssBytes: number
        heapUsedBytes: number
        heapTotalBytes: number
      }
      database: {
        /** @enum {string} */
        status: 'OK' | 'WARNING' | 'ERROR'
        adapter: string
        latencyMs: number | null
      }
      redis: {
        /** @enum {string} */
        status: 'OK' | 'WARNING' | 'ERROR'
        adapter: string
        latencyMs: number | null
      }
      bus: {
        /** @enum {string} */
        status: 'OK' | 'WARNING' | 'ERROR'
        adapter: string
        latencyMs: number | null
      }
      sources: components['schemas']['SourceStatus'][]
      metrics: {
        coins: number
        signals: number
        alerts: number
        dataVersion: string
      }
      meta: {
        /** @enum {string} */
        source: 'live' | 'simulated'
      }
    }
  }
  responses: never
  parameters: never
  requestBodies: never
  headers: never
  pathItems: never
}
