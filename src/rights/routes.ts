/** What collectors may and may not do: for a case from its codes, and for anybody from one installed code. */
import { type Request, type Response, Router } from "express";
import type { Case } from "../cases/case.ts";
import { codesOf } from "../codes/case-codes.ts";
import { codeHref } from "../codes/pages.ts";
import { readerOf } from "../codes/reader.ts";
import { installedChannels } from "../complaints/load-channels.ts";
import type { Services } from "../services.ts";
import { notFound } from "../web/errors.ts";
import { type RightsPage, rightsPage } from "./pages.ts";
import { officesFor, sheetOf } from "./sheet.ts";

/** Below /cases/:case/rights. */
export function rightsRoutes(services: Services): Router {
  const router = Router({ mergeParams: true });

  router.get("/", async (_req: Request, res: Response) => {
    const matter = res.locals.case as Case;
    const library = await codesOf(services, matter);
    const reader = readerOf(res, services.clock);
    const codes = library.expand(matter.codes);
    const countries = new Set([
      ...(matter.country === null ? [] : [matter.country]),
      ...codes.map(({ jurisdiction }) => jurisdiction.slice(0, 2)),
    ]);
    const page: RightsPage = rightsPage(
      sheetOf(codes, matter, (zone) => todayIn(services, zone ?? matter.zone)),
      reader,
      {
        nav: "cases",
        back: { text: reader.t("layout.rail.overview"), href: `/cases/${matter.id}` },
        lede: reader.t("rights.ledeCase"),
        chooseHref: codes.length === 0 ? `/cases/${matter.id}/codes` : null,
        caseId: matter.id,
        offices: officesFor(installedChannels().values(), countries, matter),
      },
    );
    res.render("rights/show", page);
  });
  return router;
}

/** Below /codes: open to everybody, as the codes are. */
export function codeRightsRoutes(services: Services): Router {
  const router = Router();

  router.get("/:code/rights", (req, res) => {
    const code = services.codes.get(req.params.code);
    if (code === undefined) throw notFound();
    const reader = readerOf(res, services.clock);
    const countries = new Set([code.jurisdiction.slice(0, 2)]);
    const page: RightsPage = rightsPage(
      sheetOf(services.codes.expand([code.id]), null, (zone) => todayIn(services, zone ?? reader.format.zone)),
      reader,
      {
        nav: "codes",
        back: { text: code.title[reader.locale], href: codeHref(code.id) },
        lede: reader.t("rights.ledeCode", { code: code.title[reader.locale] }),
        chooseHref: null,
        caseId: "",
        offices: officesFor(installedChannels().values(), countries, null),
      },
    );
    res.render("rights/show", page);
  });
  return router;
}

const todayIn = ({ clock }: Services, zone: string): string =>
  Temporal.Instant.fromEpochMilliseconds(clock.now()).toZonedDateTimeISO(zone).toPlainDate().toString();
