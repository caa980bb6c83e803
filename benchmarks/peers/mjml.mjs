// The letter in MJML: content as JSON on standard input, HTML on standard output.
import mjml2html from "mjml";
import { text } from "node:stream/consumers";

const d = JSON.parse(await text(process.stdin));
const safe = (words) => words.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
const paragraphs = (all, cls = "ink") => all.map((p) => `<mj-text css-class="${cls}">${safe(p)}</mj-text>`).join("");
const paper = (inner, cls = "paper", background = "#ffffff", more = "") =>
  `<mj-section css-class="${cls}" background-color="${background}" padding="24px 20px" ${more}><mj-column>${inner}</mj-column></mj-section>`;

const story = (s) => paper(`
  <mj-divider border-width="1px" border-color="#d3dad6" padding="0 0 24px"/>
  <mj-text css-class="accent" color="#0b6655" font-weight="bold">${s.ordinal}</mj-text>
  <mj-text css-class="ink" font-size="22px" line-height="32px" font-weight="bold"><h2 style="margin:0;font-size:22px">${safe(s.heading)}</h2></mj-text>
  ${paragraphs(s.body)}`) + `
  <mj-section css-class="paper" background-color="#ffffff" padding="0 20px"><mj-column css-class="tint" background-color="#edf4f0" border-left="4px solid #0b6655" padding="16px 20px">
    <mj-text css-class="ink" font-weight="bold" padding="0"><a href="${s.card.url}" style="color:#0b6655">${safe(s.card.title)}</a></mj-text>
    <mj-text css-class="ink" padding="0">${safe(s.card.summary)}</mj-text>
    <mj-text css-class="muted" color="#57625e" font-size="13px" line-height="22px" padding="0">${safe(s.card.by)}</mj-text>
  </mj-column></mj-section>` + paper(`<mj-button css-class="solid" href="${s.button.url}" background-color="#0b6655" color="#ffffff">${safe(s.button.label)}</mj-button>`);

const source = `<mjml lang="ko" dir="ltr"><mj-head>
  <mj-title>${safe(d.subject)}</mj-title><mj-preview>${safe(d.preheader)}</mj-preview>
  <mj-attributes>
    <mj-all font-family="'Apple SD Gothic Neo','Malgun Gothic','Noto Sans KR',sans-serif"/>
    <mj-text font-size="16px" line-height="28px" color="#1c2422" padding="0 0 16px"/>
    <mj-button font-size="16px" font-weight="bold" border-radius="4px" inner-padding="14px 28px" padding="0"/>
  </mj-attributes>
  <mj-raw><meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark"></mj-raw>
  <mj-style>
  @media (prefers-color-scheme:dark){
    .ground,.ground>table{background-color:#131210 !important}
    .paper,.paper>table{background-color:#1d1b18 !important}
    .tint,.tint table,.tint td{background-color:#272622 !important}
    .ink div{color:#ebe6dd !important}.muted div,.muted a{color:#aca69b !important}
    .accent div,.ink a{color:#86d3bd !important}.solid td,.solid a{background-color:#86d3bd !important}.solid a{color:#12211c !important}
  }</mj-style></mj-head>
<mj-body background-color="#eceeea" width="600px" css-class="ground">
  ${paper(`<mj-text css-class="ink" font-size="24px" line-height="32px" font-weight="bold">${safe(d.newsletter)}</mj-text>
    <mj-text css-class="muted" color="#57625e" font-size="14px" line-height="24px">${safe(d.tagline)} · ${d.month} · ${d.number}</mj-text>`, "paper", "#ffffff", 'border-top="4px solid #0b6655"')}
  ${paper(`<mj-text css-class="ink"><h1 style="margin:0;font-size:32px;line-height:40px">${safe(d.title)}</h1></mj-text>${paragraphs(d.intro)}`)}
  ${d.stories.map(story).join("")}
  ${paper(`<mj-text css-class="ink" align="center"><h2 style="margin:0;font-size:22px">${safe(d.figuresHeading)}</h2></mj-text>`, "tint", "#edf4f0")}
  <mj-section css-class="tint" background-color="#edf4f0" padding="0 20px 24px">${d.figures.map((f) => `<mj-column>
    <mj-text css-class="accent" color="#0b6655" align="center" font-size="34px" line-height="44px" font-weight="bold" padding="0">${safe(f.value)}</mj-text>
    <mj-text css-class="ink" align="center" font-size="14px" line-height="22px">${safe(f.label)}</mj-text></mj-column>`).join("")}</mj-section>
  ${paper(`<mj-text css-class="ink" font-size="20px" line-height="34px" font-weight="bold">${safe(d.quote)}</mj-text><mj-text css-class="muted" color="#57625e">— ${safe(d.source)}</mj-text>`)}
  ${paper(paragraphs(d.closing))}
  ${paper(`${d.footer.map((line) => `<mj-text css-class="muted" color="#57625e" font-size="13px" line-height="22px">${safe(line)}</mj-text>`).join("")}
    <mj-text css-class="muted" color="#57625e" font-size="13px"><a href="${d.wayOut}" style="color:#57625e">수신 거부</a></mj-text>`, "ground", "#eceeea")}
</mj-body></mjml>`;

const { html, errors } = await mjml2html(source, { validationLevel: "strict", minify: process.argv[2] === "minified" });
if (errors?.length) throw new Error(JSON.stringify(errors));
process.stdout.write(html);
