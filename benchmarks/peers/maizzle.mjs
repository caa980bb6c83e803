// The letter in Maizzle: content as JSON on standard input, HTML on standard output.
import { render } from "@maizzle/framework";
import { text } from "node:stream/consumers";

const d = JSON.parse(await text(process.stdin));
const ink = "m-0 mb-4 text-base/7 text-[#1c2422] dark:text-[#ebe6dd]";
const muted = "m-0 text-[13px]/[22px] text-[#57625e] dark:text-[#aca69b]";
const accent = "font-bold text-[#0b6655] dark:text-[#86d3bd]";
const paper = "bg-[#ffffff] dark:bg-[#1d1b18] px-5 py-6";
const tint = "bg-[#edf4f0] dark:bg-[#272622]";

const source = `<script setup>
const d = ${JSON.stringify(d)}
</script>
<template>
<Layout lang="ko" body-class="bg-[#eceeea] dark:bg-[#131210] m-0" :aria-label="d.subject">
<Teleport to="head"><title>{{ d.subject }}</title></Teleport>
<Preheader>{{ d.preheader }}</Preheader>
<Container class="max-w-[600px] font-['Apple_SD_Gothic_Neo','Malgun_Gothic','Noto_Sans_KR',sans-serif]">
  <Section class="${paper} border-0 border-t-4 border-solid border-[#0b6655]">
    <Text class="${ink} text-2xl font-bold">{{ d.newsletter }}</Text>
    <Text class="${muted}">{{ d.tagline }} · {{ d.month }} · {{ d.number }}</Text>
  </Section>
  <Section class="${paper}">
    <Heading level="1" class="${ink} text-[32px]/[40px] font-bold">{{ d.title }}</Heading>
    <Text v-for="p in d.intro" class="${ink}">{{ p }}</Text>
  </Section>
  <Section v-for="s in d.stories" class="${paper}">
    <Hr class="bg-[#d3dad6] dark:bg-[#3d3a34] mb-6"/>
    <Text class="${ink} ${accent}">{{ s.ordinal }}</Text>
    <Heading level="2" class="${ink} text-[22px]/8 font-bold">{{ s.heading }}</Heading>
    <Text v-for="p in s.body" class="${ink}">{{ p }}</Text>
    <Section class="${tint} px-5 py-4 border-0 border-l-4 border-solid border-[#0b6655] mb-6">
      <Text class="${ink} m-0"><Link :href="s.card.url" class="${accent} underline">{{ s.card.title }}</Link></Text>
      <Text class="${ink} m-0">{{ s.card.summary }}</Text>
      <Text class="${muted}">{{ s.card.by }}</Text>
    </Section>
    <Button :href="s.button.url" class="bg-[#0b6655] dark:bg-[#86d3bd] text-[#ffffff] dark:text-[#12211c] rounded px-7 py-3.5 font-bold">{{ s.button.label }}</Button>
  </Section>
  <Section class="${tint} px-5 py-6 text-center">
    <Heading level="2" class="${ink} text-[22px]/8 font-bold">{{ d.figuresHeading }}</Heading>
    <Row :cols="3" width="560">
      <Column v-for="f in d.figures" class="tile">
        <Text class="m-0 text-[34px]/[44px] ${accent}">{{ f.value }}</Text>
        <Text class="${ink} text-sm">{{ f.label }}</Text>
      </Column>
    </Row>
  </Section>
  <Section class="${paper}">
    <Text class="${ink} text-xl/[34px] font-bold">{{ d.quote }}</Text>
    <Text class="${muted}">— {{ d.source }}</Text>
  </Section>
  <Section class="${paper}"><Text v-for="p in d.closing" class="${ink}">{{ p }}</Text></Section>
  <Section class="px-5 py-6">
    <Text v-for="line in d.footer" class="${muted}">{{ line }}</Text>
    <Text class="${muted}"><Link :href="d.wayOut" class="${muted} underline">수신 거부</Link></Text>
  </Section>
</Container>
</Layout>
</template>`;

const { html } = await render(source, { css: { inline: true, purge: true, shorthand: true }, html: { minify: true } });
process.stdout.write(html);
