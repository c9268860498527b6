/** Every address of the app with its methods, read while it is being composed: Express forgets mount paths afterwards. */
import express, { type Express, type Router } from "express";

export interface Route {
  method: string;
  /** With its parameters, e.g. /cases/:case/incidents/:number. */
  path: string;
}

type Handler = Router & { stack?: Layer[] };
interface Layer {
  route?: { path: string | string[]; stack: { method: string }[] };
  handle: Handler;
}

/** Composes the app by `make` and returns it with its routes. */
export function withRoutes(make: () => Express): { app: Express; routes: Route[] } {
  const mounts = new Map<unknown, string[]>();
  const note = (path: unknown, handlers: unknown[]) => {
    const own = typeof path === "string" ? path : "/";
    const all = typeof path === "string" ? handlers : [path, ...handlers];
    for (const handler of all.flat(3)) {
      if (typeof handler === "function" && "stack" in handler)
        mounts.set(handler, [...(mounts.get(handler) ?? []), own]);
    }
  };
  const routerUse = express.Router.prototype.use as (...args: unknown[]) => unknown;
  express.Router.prototype.use = function use(this: unknown, path: unknown, ...handlers: unknown[]) {
    note(path, handlers);
    return routerUse.call(this, path, ...handlers);
  } as never;
  let app: Express;
  try {
    app = make();
  } finally {
    express.Router.prototype.use = routerUse as never;
  }
  const routes: Route[] = [];
  const walk = (router: Handler, base: string): void => {
    for (const layer of router.stack ?? []) {
      if (layer.route !== undefined) {
        for (const path of [layer.route.path].flat()) {
          for (const method of new Set(layer.route.stack.map((one) => one.method))) {
            routes.push({ method, path: join(base, path) });
          }
        }
      } else if (layer.handle?.stack !== undefined) {
        for (const mount of mounts.get(layer.handle) ?? ["/"]) walk(layer.handle, join(base, mount));
      }
    }
  };
  walk((app as unknown as { router: Handler }).router, "");
  return { app, routes: routes.filter((route, at) => routes.findIndex((r) => same(r, route)) === at) };
}

const same = (a: Route, b: Route) => a.method === b.method && a.path === b.path;
const join = (base: string, path: string) => `${base}/${path}`.replaceAll(/\/+/g, "/").replace(/(.)\/$/, "$1");
