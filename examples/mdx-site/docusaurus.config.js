// @ts-check

/** @type {import('@docusaurus/types').Config} */
const config = {
  title: 'Glacier handbook',
  url: 'https://glacier.example.com',
  baseUrl: '/',
  i18n: {
    defaultLocale: 'en',
    locales: ['en', 'de', 'fr'],
  },
  presets: [['classic', {docs: {sidebarPath: './sidebars.js'}, blog: false}]],
};

export default config;
