/**
 * The way of every request, on one screen: what happens to it, in which order, and which feature answers which address.
 * Must not hold any logic of its own. main.ts listens; services.ts builds what is passed in. A new feature is one line below.
 */
import express, { type Express } from "express";
import { caseRoutes, casesRoutes, showRail } from "./cases/routes.ts";
import { allCodesOf } from "./codes/case-codes.ts";
import { caseCodesRoutes, codesRoutes, tryRoutes } from "./codes/routes.ts";
import { complaintAttachmentRoutes } from "./complaints/attachments/routes.ts";
import { calendarRoutes, feedRoutes } from "./complaints/calendar/routes.ts";
import { complaintDraftRoutes } from "./complaints/draft/routes.ts";
import { complaintLetterRoutes } from "./complaints/letters/routes.ts";
import { channelRoutes } from "./complaints/offices/routes.ts";
import { complaintRoutes } from "./complaints/routes.ts";
import { corroborationRoutes, numberRoutes } from "./corroboration/routes.ts";
import { dossierRoutes } from "./dossiers/routes.ts";
import { evidenceRoutes } from "./evidence/routes.ts";
import { findingRoutes } from "./findings/routes.ts";
import { helpRoutes } from "./help/routes.ts";
import { historyRoutes } from "./history/routes.ts";
import { impactBook } from "./impact/impact-book.ts";
import { impactRoutes } from "./impact/routes.ts";
import { importRoutes } from "./imports/routes.ts";
import { incidentRoutes } from "./incidents/routes.ts";
import { ledgerRoutes } from "./ledger/routes.ts";
import { requestBook } from "./negotiation/request-book.ts";
import { letterRoutes } from "./letters/routes.ts";
import { noticeRoutes } from "./notices/routes.ts";
import { homeRoutes, overviewRoutes } from "./overview/routes.ts";
import { draftRoutes } from "./own-codes/draft/routes.ts";
import { ownCodeRoutes } from "./own-codes/routes.ts";
import { requireMember } from "./people/member.ts";
import { doorRoutes, memberRoutes } from "./people/routes.ts";
import { requirePerson, setUpPerson } from "./people/session.ts";
import { rememberLocale } from "./people/store.ts";
import { figureBook } from "./repayment/figure-book.ts";
import { paymentBook } from "./repayment/payment-book.ts";
import { repaymentRoutes } from "./repayment/routes.ts";
import { codeRightsRoutes, rightsRoutes } from "./rights/routes.ts";
import { redactionRoutes } from "./redaction/routes.ts";
import type { Services } from "./services.ts";
import { setUpErrors } from "./web/errors.ts";
import { setUpHealth } from "./web/health.ts";
import { setUpLanguage } from "./web/language.ts";
import { setUpLogging } from "./web/logging.ts";
import { rateLimited, setUpAddresses, setUpBodies } from "./web/limits.ts";
import { setUpSameOrigin } from "./web/same-origin.ts";
import { setUpSecurity } from "./web/security.ts";
import { setUpStatic } from "./web/static.ts";
import { setUpViews } from "./web/view.ts";

export function createApp(services: Services): Express {
  const { config, log, auth, db, database } = services;
  const app = express();
  app.set("trust proxy", config.trustProxy);

  setUpLogging(app, log);
  setUpSecurity(app, { https: services.origin().startsWith("https:") });
  setUpStatic(app);
  setUpHealth(app, { database: () => database.ping() });
  setUpSameOrigin(app, { baseUrl: config.baseUrl ?? undefined });
  setUpViews(app, { exitUrl: config.exitUrl });
  setUpPerson(app, { auth, db });
  setUpAddresses(app);
  setUpBodies(app);
  setUpLanguage(app, { remember: (personId, locale) => rememberLocale(db, personId, locale) });

  // open to everybody
  app.use(doorRoutes(services));
  app.use("/help", helpRoutes());
  app.use("/channels", channelRoutes());
  app.use("/codes", codesRoutes(services));
  app.use("/codes", codeRightsRoutes(services));
  app.use("/feeds", rateLimited({ limit: 60, minutes: 1 }), feedRoutes(services));
  app.use("/try", rateLimited({ limit: 60, minutes: 1 }), tryRoutes(services));

  // signed in
  app.use(requirePerson);
  app.use("/", homeRoutes(services));
  app.use("/calendar", calendarRoutes(services));
  app.use("/cases", casesRoutes(services));

  // a member of this case; a stranger gets 404
  app.use("/cases/:case", requireMember(db), showRail(services));
  app.use("/cases/:case", overviewRoutes(services));
  app.use("/cases/:case", caseRoutes(services));
  app.use("/cases/:case/codes", caseCodesRoutes(services));
  app.use("/cases/:case/codes", ownCodeRoutes(services));
  app.use("/cases/:case/codes", draftRoutes(services));
  app.use("/cases/:case/complaints", complaintRoutes(services));
  app.use("/cases/:case/complaints", complaintDraftRoutes(services));
  app.use("/cases/:case/complaints", complaintLetterRoutes(services));
  app.use("/cases/:case/complaints", complaintAttachmentRoutes(services));
  app.use("/cases/:case/corroboration", corroborationRoutes(services));
  app.use("/cases/:case/dossiers", dossierRoutes(services));
  app.use("/cases/:case/evidence", evidenceRoutes(services));
  app.use("/cases/:case/evidence", redactionRoutes(services));
  app.use("/cases/:case/findings", findingRoutes(services));
  app.use(
    "/cases/:case/history",
    historyRoutes(services, (caseId) => allCodesOf(services, caseId)),
  );
  app.use("/cases/:case/figures", ledgerRoutes(services, figureBook));
  app.use("/cases/:case/impacts", impactRoutes(services), ledgerRoutes(services, impactBook));
  app.use("/cases/:case/imports", importRoutes(services));
  app.use("/cases/:case/incidents", incidentRoutes(services));
  app.use("/cases/:case/letters", letterRoutes(services));
  app.use("/cases/:case/members", memberRoutes(services));
  app.use("/cases/:case/notices", noticeRoutes(services));
  app.use("/cases/:case/numbers", numberRoutes(services));
  app.use("/cases/:case/payments", ledgerRoutes(services, paymentBook));
  app.use("/cases/:case/repayment", repaymentRoutes(services));
  app.use("/cases/:case/requests", ledgerRoutes(services, requestBook));
  app.use("/cases/:case/rights", rightsRoutes(services));

  setUpErrors(app, log);
  return app;
}
