var builder = WebApplication.CreateBuilder(args);
builder.Services.AddLocalization(options => options.ResourcesPath = "Resources");
builder.Services.AddRazorPages().AddViewLocalization().AddDataAnnotationsLocalization();

var app = builder.Build();
string[] cultures = ["en", "de", "fr-CA"];
app.UseRequestLocalization(options => options
    .SetDefaultCulture("en").AddSupportedCultures(cultures).AddSupportedUICultures(cultures));
app.MapRazorPages();
app.Run();
