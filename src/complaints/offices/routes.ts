/** The offices that take complaints, for everybody (/channels). */
import { Router } from "express";
import { notFound } from "../../web/errors.ts";
import { channelPage, channelsPage } from "../channel-page.ts";
import { installedChannels } from "../load-channels.ts";
import { readerOf } from "../reader.ts";

export function channelRoutes(): Router {
  const router = Router();
  const channels = installedChannels();
  router.get("/", (_req, res) => res.render("complaints/channels", channelsPage(readerOf(res.locals), channels)));
  router.get("/:channel", (req, res) => {
    const channel = channels.get(req.params.channel);
    if (channel === undefined) throw notFound();
    res.render("complaints/channel", channelPage(readerOf(res.locals), channel, channels));
  });
  return router;
}
